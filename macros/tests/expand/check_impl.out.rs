/// Replication and connections of a server.
impl allwell::Check<Row> for PostgresServer {
    type Config = Options;
    type Metrics = (Server, Vec<Database>);
}
#[doc(hidden)]
#[allow(
    deprecated,
    non_camel_case_types,
    unreachable_pub,
    unused_imports,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
)]
const _: () = {
    use ::allwell::__private as __rt;
    #[automatically_derived]
    impl __rt::Definition for PostgresServer {
        const META: __rt::Meta = __rt::Meta {
            name: "postgres_server",
            display_name: "Postgres Server",
            description: "Replication and connections of a server.",
            interval: __rt::Meta::DEFAULT_INTERVAL,
            timeout: __rt::None,
            enabled_by_default: false,
            blocking: false,
            can_connect: __rt::None,
            location: __rt::Location {
                file: __rt::file!(),
                line: __rt::line!(),
                column: __rt::column!(),
            },
            package: __rt::Package {
                name: __rt::crate_of(__rt::module_path!()),
                version: __rt::env!("CARGO_PKG_VERSION"),
                authors: __rt::env!("CARGO_PKG_AUTHORS"),
                homepage: __rt::env!("CARGO_PKG_HOMEPAGE"),
                repository: __rt::env!("CARGO_PKG_REPOSITORY"),
                licence: __rt::env!("CARGO_PKG_LICENSE"),
            },
        };
        type Config = <PostgresServer as allwell::Check<Row>>::Config;
        type Stream = Row;
        type Outcome = __rt::CheckResult<
            <PostgresServer as allwell::Check<Row>>::Metrics,
        >;
        type State = Self;
        async fn start(
            config: Self::Config,
            cx: &__rt::Context<Self::Stream>,
        ) -> __rt::CheckResult<Self> {
            <PostgresServer as allwell::Check<Row>>::start(config, cx).await
        }
        async fn run(
            state: &mut Self,
            cx: &__rt::Context<Self::Stream>,
        ) -> __rt::CheckResult<()> {
            cx.finish::<
                    Self,
                >(<PostgresServer as allwell::Check<Row>>::run(state, cx).await)
        }
        async fn stop(state: Self) {
            <PostgresServer as allwell::Check<Row>>::stop(state).await;
        }
    }
    __rt::inventory::submit! {
        __rt::Entry::new:: < PostgresServer > ()
    }
};
