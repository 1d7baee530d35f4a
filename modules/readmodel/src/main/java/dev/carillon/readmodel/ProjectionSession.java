package dev.carillon.readmodel;

import akka.japi.function.Function;
import akka.projection.jdbc.JdbcSession;
import dev.carillon.store.Database;
import dev.carillon.store.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;

/** One transaction of a projection: what it writes, and how far it has read. */
final class ProjectionSession implements JdbcSession {

    private final Connection connection;

    private ProjectionSession(Connection connection) {
        this.connection = connection;
    }

    static ProjectionSession open(Database database) {
        try {
            var connection = database.connection();
            connection.setAutoCommit(false);
            return new ProjectionSession(connection);
        } catch (SQLException e) {
            throw new DatabaseException(
                    database.settings().place() + ": no connection for the projection: " + e.getMessage(), e);
        }
    }

    @Override
    public <T> T withConnection(Function<Connection, T> work) throws Exception {
        return work.apply(connection);
    }

    @Override
    public void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
