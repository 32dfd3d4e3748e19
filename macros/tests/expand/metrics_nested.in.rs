/// A server and its databases.
#[derive(Metrics)]
struct Server {
    #[metrics(flatten)]
    memory: Memory,
    /// Name of the database.
    #[metrics(each = "db")]
    databases: BTreeMap<String, Database>,
}
