/// Looks for a text on a web page.
///
/// Follows redirects.
pub async fn awesome(config: &Page, cx: &Context<Row>) -> Result<Search> {
    body()
}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub, dead_code, clippy::all, clippy::pedantic)]
pub enum awesome {}
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
    impl __rt::Definition for awesome {
        const META: __rt::Meta = __rt::Meta {
            name: "awesome",
            display_name: "Awesome",
            description: "Looks for a text on a web page.\n\nFollows redirects.",
            interval: __rt::Duration::from_millis(60000u64),
            timeout: __rt::Some(__rt::Duration::from_millis(20000u64)),
            enabled_by_default: false,
            blocking: false,
            can_connect: __rt::Some(
                &__rt::Descriptor::service_check(
                    "awesome.can_connect",
                    "Returns `OK` if a run succeeds, `CRITICAL` with the error otherwise.",
                ),
            ),
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
        type Config = Page;
        type Stream = Row;
        type Outcome = Result<Search>;
        type State = __rt::Arc<Page>;
        async fn start(
            config: Page,
            _cx: &__rt::Context<Row>,
        ) -> __rt::CheckResult<Self::State> {
            __rt::Ok(__rt::Arc::new(config))
        }
        async fn run(
            __config: &mut Self::State,
            __cx: &__rt::Context<Row>,
        ) -> __rt::CheckResult<()> {
            let __config = &**__config;
            __cx.finish::<Self>(__rt::future_must_be_send(awesome(__config, __cx)).await)
        }
    }
    __rt::inventory::submit! {
        __rt::Entry::new:: < awesome > ()
    }
};
