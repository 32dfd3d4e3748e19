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
    impl __rt::Options for Server {
        const OPTIONS: __rt::OptionsOf<Self> = __rt::OptionsOf {
            spec: __rt::Spec {
                type_name: "Server",
                description: "One server.",
                template: "",
                items: &[
                    __rt::Item::Option(__rt::OptionSpec {
                        name: "url",
                        description: "Its address.",
                        example: __rt::Some(|| __rt::json!("http://localhost/")),
                        shared: true,
                        tag: "server_url",
                        ..__rt::option_field(|record: &Self| &record.url)
                    }),
                    __rt::Item::Option(__rt::OptionSpec {
                        name: "port",
                        description: "Its port.",
                        required: false,
                        default: __rt::Some(|| __rt::show_default(
                            |record: &Self| &record.port,
                            || 80,
                        )),
                        constraints: __rt::Constraints {
                            min: __rt::Some((1) as f64),
                            max: __rt::Some((65535) as f64),
                            max_exclusive: false,
                            pattern: __rt::None,
                            non_empty: false,
                            one_of: &[],
                        },
                        ..__rt::option_field(|record: &Self| &record.port)
                    }),
                    __rt::Item::Option(__rt::OptionSpec {
                        name: "timeout",
                        description: "How long to wait.",
                        required: false,
                        default: __rt::Some(|| __rt::show_literal(
                            |record: &Self| &record.timeout,
                            __rt::json!("10s"),
                        )),
                        deprecated: __rt::Some("use `read_timeout`"),
                        ..__rt::option_field(|record: &Self| &record.timeout)
                    }),
                    __rt::Item::Option(__rt::OptionSpec {
                        name: "type",
                        description: "Its password.",
                        constraints: __rt::Constraints {
                            min: __rt::None,
                            max: __rt::None,
                            max_exclusive: false,
                            pattern: __rt::None,
                            non_empty: true,
                            one_of: &[],
                        },
                        secret: true,
                        hidden: true,
                        ..__rt::option_field(|record: &Self| &record.r#type)
                    }),
                    __rt::Item::Option(__rt::OptionSpec {
                        name: "limits",
                        description: "More of it.",
                        required: false,
                        ..__rt::serde_field(false)
                    }),
                    __rt::flatten_field(|record: &Self| &record.http),
                ],
            },
            read: |section| {
                let field_0 = __rt::option(
                    |record: &Self| &record.url,
                    section,
                    const { <Self as __rt::Config>::SPEC.option(0usize) },
                );
                let field_1 = {
                    let value = __rt::option_or(
                        |record: &Self| &record.port,
                        section,
                        const { <Self as __rt::Config>::SPEC.option(1usize) },
                        || 80,
                    );
                    __rt::validated(
                        |record: &Self| &record.port,
                        section,
                        const { <Self as __rt::Config>::SPEC.option(1usize) },
                        value,
                        |value| even(value),
                    )
                };
                let field_2 = __rt::option_or_literal(
                    |record: &Self| &record.timeout,
                    section,
                    const { <Self as __rt::Config>::SPEC.option(2usize) },
                    || __rt::json!("10s"),
                );
                let field_3 = __rt::option(
                    |record: &Self| &record.r#type,
                    section,
                    const { <Self as __rt::Config>::SPEC.option(3usize) },
                );
                let field_4 = __rt::option_by_serde(
                    |record: &Self| &record.limit,
                    section,
                    const { <Self as __rt::Config>::SPEC.option(4usize) },
                    || __rt::Some(__rt::Default::default()),
                );
                let field_5 = __rt::flattened(|record: &Self| &record.http, section);
                __rt::accepted(
                    section,
                    Self {
                        url: field_0?,
                        port: field_1?,
                        timeout: field_2?,
                        r#type: field_3?,
                        limit: field_4?,
                        http: field_5?,
                    },
                    |config: &Self| check_server(config),
                )
            },
            tags: |record, out| {
                let Self { url: field_url, http: field_http, .. } = record;
                __rt::push_tag(out, "server_url", &*field_url);
                __rt::Config::tags(&*field_http, out);
            },
            adjust: |record, common| {
                let Self { http: field_http, .. } = record;
                __rt::Config::adjust(&*field_http, common);
            },
        };
    }
    #[automatically_derived]
    impl __rt::Config for Server {
        const SPEC: __rt::Spec = <Self as __rt::Options>::OPTIONS.spec;
        fn read(section: &mut __rt::Section<'_, '_>) -> __rt::Option<Self> {
            (<Self as __rt::Options>::OPTIONS.read)(section)
        }
        fn tags(&self, out: &mut __rt::Vec<__rt::String>) {
            (<Self as __rt::Options>::OPTIONS.tags)(self, out);
        }
        fn adjust(&self, common: &mut __rt::Common) {
            (<Self as __rt::Options>::OPTIONS.adjust)(self, common);
        }
    }
};
