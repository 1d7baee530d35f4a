package dev.carillon.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements on one connection, with their parameters in line. */
record Sql(Connection connection) {

    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> all(String query, Row<T> mapping, Object... parameters) throws SQLException {
        try (var statement = prepare(query, parameters);
                var rows = statement.executeQuery()) {
            var found = new ArrayList<T>();
            while (rows.next()) {
                found.add(mapping.read(rows));
            }
            return found;
        }
    }

    <T> Optional<T> one(String query, Row<T> mapping, Object... parameters) throws SQLException {
        return all(query, mapping, parameters).stream().findFirst();
    }

    /** Returns how many rows were inserted, changed or deleted. */
    int update(String command, Object... parameters) throws SQLException {
        try (var statement = prepare(command, parameters)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
