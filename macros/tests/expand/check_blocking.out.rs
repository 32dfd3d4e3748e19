/// Space on mounted filesystems.
fn disk(cx: &Context) -> Vec<Filesystem> {
    body()
}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub, dead_code, clippy::all, clippy::pedantic)]
enum disk {}
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
    use crate::renamed::__private as __rt;
    #[automatically_derived]
    impl __rt::Definition for disk {
        const META: __rt::Meta = __rt::Meta {
            name: "system_disk",
            display_name: "System Disk",
            description: "Space on mounted filesystems.",
            interval: __rt::Meta::DEFAULT_INTERVAL,
            timeout: __rt::None,
            enabled_by_default: true,
            blocking: true,
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
        type Config = ();
        type Stream = ();
        type Outcome = Vec<Filesystem>;
        type State = __rt::Arc<()>;
        async fn start(
            config: (),
            _cx: &__rt::Context<()>,
        ) -> __rt::CheckResult<Self::State> {
            __rt::Ok(__rt::Arc::new(config))
        }
        async fn run(
            __config: &mut Self::State,
            __cx: &__rt::Context<()>,
        ) -> __rt::CheckResult<()> {
            let __config = __rt::Arc::clone(__config);
            let __cx = __rt::Clone::clone(__cx);
            __rt::blocking(move || {
                    let (__config, __cx) = (&*__config, &__cx);
                    __cx.finish::<Self>(disk(__cx))
                })
                .await
        }
    }
    __rt::inventory::submit! {
        __rt::Entry::new:: < disk > ()
    }
};
