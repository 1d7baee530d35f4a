package dev.carillon.store;

import java.sql.SQLException;

/** What PostgreSQL's error codes mean to whoever runs Carillon. */
final class SqlTrouble {

    private static final String IN_RECOVERY = "57P03";

    private SqlTrouble() {}

    /** Whether waiting may help: the server is not there yet, or is starting, or has no connection left. */
    static boolean mayPass(SQLException e) {
        var state = state(e);
        return state.startsWith("08") || state.equals(IN_RECOVERY) || state.startsWith("53");
    }

    static DatabaseException explain(Database.Settings settings, Throwable trouble) {
        var sql = cause(trouble);
        var place = settings.place();
        if (sql == null) {
            return new DatabaseException(place + ": " + trouble.getMessage(), trouble);
        }
        var state = state(sql);
        var remedy =
                switch (state) {
                    case "28P01", "28000" -> "the server refuses user " + settings.user()
                            + ": check the user and the password (CARILLON_DATABASE_USER, CARILLON_DATABASE_PASSWORD),"
                            + " and pg_hba.conf on the server.";
                    case "3D000" -> "there is no such database: create it (CREATE DATABASE ...), or correct the URL"
                            + " (CARILLON_DATABASE_URL).";
                    case "42P01",
                            "42703" -> "the schema is not the one this version needs: was the database migrated by"
                            + " an older version, or not at all?";
                    case "42501" -> "user " + settings.user() + " lacks a right: make it the owner of the database.";
                    case "25006" -> "the server is read-only: name all servers in the URL and add"
                            + " ?targetServerType=primary.";
                    case IN_RECOVERY -> "the server is starting or stopping: try again in a moment.";
                    case "53300" -> "the server has no connection left: raise max_connections, or run fewer nodes.";
                    default -> state.startsWith("08")
                            ? "the server does not answer: is it running, and can this machine reach it?"
                            : "";
                };
        return new DatabaseException(
                place + ": " + sql.getMessage() + " (SQLSTATE " + state + ")" + (remedy.isEmpty() ? "" : "; " + remedy),
                trouble);
    }

    static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    /** The innermost cause that has a code: pools wrap what the server said. */
    private static SQLException cause(Throwable trouble) {
        SQLException found = null;
        for (var t = trouble; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql && (found == null || sql.getSQLState() != null)) {
                found = sql;
            }
        }
        return found;
    }
}
