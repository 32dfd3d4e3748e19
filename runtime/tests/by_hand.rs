#![forbid(unsafe_code)]
#![allow(missing_docs)]
use allwell::check::*;
use allwell::config::*;
use allwell::metric::*;

/// Looks for a text on a web page.
pub async fn awesome(config: &Page, cx: &Context<Row>) -> Result<Vec<Row>> {
    cx.submit(Row { name: config.url.clone(), total: 3.into() });
    Ok(vec![])
}

/// One page to watch.
pub struct Page {
    /// Address of the page.
    url: String,
    retries: String,
}

pub struct Row {
    name: String,
    /// Rows.
    total: Gauge<units::Row>,
}

const _: () = {
    use ::allwell::__private as __rt;
    impl __rt::Config for Page {
        const SPEC: __rt::Spec = __rt::Spec {
            type_name: "Page",
            description: "One page to watch.",
            items: &[
                __rt::Item::Option(__rt::OptionSpec {
                    name: "url",
                    description: "Address of the page.",
                    shape: <String as __rt::OptionValue>::SHAPE,
                    required: !<String as __rt::OptionValue>::OPTIONAL,
                    default: __rt::None,
                    example: __rt::Some(|| __rt::json!("http://localhost/")),
                    constraints: __rt::Constraints::NONE,
                    secret: false,
                    hidden: false,
                    shared: false,
                    tag: "url",
                    deprecated: __rt::None,
                }),
                __rt::Item::Option(__rt::OptionSpec {
                    name: "retries",
                    description: "Address of the page.",
                    shape: <String as __rt::OptionValue>::SHAPE,
                    required: false,
                    default: __rt::Some(|| {
                        __rt::OptionValue::show(&<String as __rt::From<_>>::from("x"))
                    }),
                    example: __rt::None,
                    constraints: __rt::Constraints::NONE,
                    secret: false,
                    hidden: false,
                    shared: false,
                    tag: "url",
                    deprecated: __rt::None,
                }),
            ],
        };
        fn read(section: &mut __rt::Section<'_, '_>) -> __rt::Option<Self> {
            let url = section.option::<String>(Self::SPEC.option(0));
            let retries = section
                .option_or::<String>(Self::SPEC.option(1), || <String as __rt::From<_>>::from("x"));
            __rt::Some(Self { url: url?, retries: retries? })
        }
        fn tags(&self, out: &mut __rt::Vec<__rt::String>) {
            __rt::push_tag(out, "url", &self.url);
        }
    }
};

const _: () = {
    use ::allwell::__private as __rt;
    impl __rt::Metrics for Row {
        const DECLARATION: __rt::Declaration = __rt::Declaration::Record(&__rt::Record {
            type_name: "Row",
            tags: &[__rt::TagKey {
                key: "name",
                description: "",
                values: <String as __rt::TagValue>::VALUES,
                optional: <String as __rt::TagValue>::OPTIONAL,
            }],
            items: &[__rt::Descriptor {
                name: "awesome.total",
                declared: <Gauge<units::Row> as __rt::Field>::DECLARED,
                description: "Rows.",
                short_name: "",
                orientation: __rt::Orientation::Neutral,
                curated: &[],
                flush_first_value: false,
            }],
            nested: &[],
        });
        fn emit(&self, out: &mut __rt::Emitter<'_>) {
            let Self { name, total } = self;
            let items = const { Self::DECLARATION.items() };
            let mut record = out.record();
            record.tag("name", name);
            let mut out = record.samples();
            __rt::Field::emit(total, &items[0], &mut out);
        }
    }
};

#[doc(hidden)]
#[allow(non_camel_case_types)]
pub enum awesome {}

const _: () = {
    use ::allwell::__private as __rt;
    type __Roles = (<Page as __rt::Parameter>::Role, <Context<Row> as __rt::Parameter>::Role);
    impl __rt::Definition for awesome {
        const META: __rt::Meta = __rt::Meta {
            name: "awesome",
            description: "Looks for a text on a web page.",
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
            krate: __rt::crate_of(__rt::module_path!()),
            version: __rt::env!("CARGO_PKG_VERSION"),
        };
        type Config = <__Roles as __rt::Roles>::Config;
        type Stream = <__Roles as __rt::Roles>::Stream;
        type Metrics = <Result<Vec<Row>> as __rt::Outcome>::Metrics;
        type State = __rt::Arc<Self::Config>;
        async fn start(
            config: Self::Config,
            _cx: &__rt::Context<Self::Stream>,
        ) -> __rt::CheckResult<Self::State> {
            __rt::Ok(__rt::Arc::new(config))
        }
        async fn run(
            config: &mut Self::State,
            cx: &__rt::Context<Self::Stream>,
        ) -> __rt::CheckResult<()> {
            cx.finish(
                __rt::future_must_be_send(awesome(
                    __rt::Pick::pick(&**config, cx),
                    __rt::Pick::pick(&**config, cx),
                ))
                .await,
            )
        }
    }
    __rt::inventory::submit! { __rt::Entry::new::<awesome>() }
};

#[test]
fn works() {
    let registry = Registry::collect();
    assert_eq!(registry.entries().len(), 1);
    let mut batch = Batch::new(["a:b"], Limits::default());
    vec![Row { name: "x".into(), total: 3.into() }].emit(&mut batch.emitter());
    assert_eq!(batch.len(), 1);
    println!("{:?}", batch.samples().collect::<Vec<_>>());
}
