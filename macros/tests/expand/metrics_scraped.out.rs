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
    impl __rt::Table for Route {
        const TABLE: (__rt::Record, fn(&Self, &mut __rt::Emitter<'_>)) = (
            __rt::Record {
                type_name: "Route",
                tags: &[__rt::tag_field(|record: &Self| &record.path, "route", "")],
                items: &[
                    __rt::Descriptor {
                        name: "gate.requests",
                        description: "Requests.",
                        from: __rt::Some("gate_requests_total"),
                        ..__rt::metric_field(|record: &Self| &record.requests)
                    },
                    __rt::Descriptor {
                        name: "gate.up",
                        description: "OK if it is up, CRITICAL if it is not.",
                        from: __rt::Some("gate_up"),
                        ..__rt::metric_field(|record: &Self| &record.up)
                    },
                    __rt::Descriptor {
                        name: "gate.failed",
                        description: "Share of the requests that failed.",
                        ..__rt::metric_field(|record: &Self| &record.failed)
                    },
                ],
                nested: &[__rt::record_field(|record: &Self| &record.doors)],
            },
            |record, out| {
                let Self {
                    path: field_path,
                    node: field_node,
                    requests: field_requests,
                    up: field_up,
                    failed: field_failed,
                    doors: field_doors,
                } = record;
                let mut tags = out.record();
                tags.tag("route", &*field_path);
                tags.host(&*field_node);
                let mut samples = tags.samples();
                let out = &mut samples;
                let items = const { <Self as __rt::Metrics>::DECLARATION.items() };
                __rt::Field::emit(&*field_requests, &items[0usize], out);
                __rt::Field::emit(&*field_up, &items[1usize], out);
                __rt::Field::emit(&*field_failed, &items[2usize], out);
                __rt::Metrics::emit(&*field_doors, out);
            },
        );
    }
    #[automatically_derived]
    impl __rt::Metrics for Route {
        const DECLARATION: __rt::Declaration = __rt::Declaration::Record(
            &<Self as __rt::Table>::TABLE.0,
        );
        #[inline]
        fn emit(&self, out: &mut __rt::Emitter<'_>) {
            (const { <Self as __rt::Table>::TABLE.1 })(self, out);
        }
    }
    #[automatically_derived]
    impl __rt::ScrapedRecord for Route {
        const TABLE: __rt::ScrapedTable<Self> = (
            __rt::Shaped {
                type_name: "Route",
                labels: &[
                    __rt::scrape_label(|record: &Self| &record.path, "path"),
                    __rt::scrape_label(|record: &Self| &record.node, "node"),
                ],
                sources: &[
                    __rt::ScrapeSource {
                        field: "requests",
                        conditions: &[
                            __rt::LabelCondition {
                                label: "code",
                                value: "500",
                                equal: false,
                            },
                        ],
                        sum: true,
                        any_type: false,
                        ..__rt::sample_field(
                            |record: &Self| &record.requests,
                            "gate_requests_total",
                        )
                    },
                    __rt::ScrapeSource {
                        field: "up",
                        conditions: &[],
                        sum: false,
                        any_type: true,
                        ..__rt::state_field(
                            |record: &Self| &record.up,
                            "gate_up",
                            &[
                                (__rt::StateLevel::Ok, 1f64),
                                (__rt::StateLevel::Critical, 0f64),
                                (__rt::StateLevel::Critical, -1f64),
                            ],
                        )
                    },
                ],
                nested: &[__rt::records_needed(|record: &Self| &record.doors)],
            },
            |row| {
                let field_0 = __rt::take_label(
                    |record: &Self| &record.path,
                    row,
                    0usize,
                );
                let field_1 = __rt::take_label(
                    |record: &Self| &record.node,
                    row,
                    1usize,
                );
                let field_2 = __rt::take_sample(
                    |record: &Self| &record.requests,
                    row,
                    0usize,
                );
                let field_3 = __rt::take_state(|record: &Self| &record.up, row, 1usize);
                let field_4 = __rt::take_records(
                    |record: &Self| &record.doors,
                    row,
                    0usize,
                );
                __rt::Some(Self {
                    path: field_0?,
                    node: field_1?,
                    requests: field_2?,
                    up: field_3?,
                    doors: field_4?,
                    failed: __rt::None,
                })
            },
        );
    }
    const _: __rt::Declaration = <Route as __rt::Metrics>::DECLARATION;
};
