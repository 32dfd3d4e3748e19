/// Replication and connections of a server.
#[check]
impl allwell::Check<Row> for PostgresServer {
    type Config = Options;
    type Metrics = (Server, Vec<Database>);
}
