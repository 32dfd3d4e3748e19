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
    impl<'a, U: Unit> __rt::Table for Filesystem<'a, U>
    where
        Gauge<U>: __rt::Field,
    {
        const TABLE: (__rt::Record, fn(&Self, &mut __rt::Emitter<'_>)) = (
            __rt::Record {
                type_name: "Filesystem",
                tags: &[
                    __rt::tag_field(
                        |record: &Self| &record.device,
                        "device",
                        "The device file.",
                    ),
                    __rt::TagKey {
                        key: "kind",
                        description: "",
                        values: __rt::None,
                        optional: false,
                    },
                ],
                items: &[
                    __rt::Descriptor {
                        name: "system.disk.total",
                        description: "Size of the filesystem.",
                        ..__rt::metric_field(|record: &Self| &record.total)
                    },
                    __rt::Descriptor {
                        name: "system.disk.read",
                        description: "Bytes read since the device was attached.",
                        short_name: __rt::Some("r"),
                        orientation: __rt::Orientation::HigherIsBetter,
                        curated: &["cpu", "memory"],
                        flush_first_value: true,
                        ..__rt::metric_field(|record: &Self| &record.bytes)
                    },
                    __rt::Descriptor {
                        name: "system.disk.written",
                        description: "",
                        short_name: __rt::Some(""),
                        interval: __rt::Some(60u32),
                        ..__rt::in_app_field(
                            |record: &Self| &record.written,
                            __rt::InAppType::Rate,
                        )
                    },
                ],
                nested: &[],
            },
            |record, out| {
                let Self {
                    device: field_device,
                    r#type: field_type,
                    host: field_host,
                    total: field_total,
                    bytes: field_bytes,
                    written: field_written,
                } = record;
                let mut tags = out.record();
                tags.tag("device", &*field_device);
                tags.tag("kind", &__rt::Displayed(&*field_type));
                tags.host(&*field_host);
                let mut samples = tags.samples();
                let out = &mut samples;
                let items = const { <Self as __rt::Metrics>::DECLARATION.items() };
                __rt::Field::emit(&*field_total, &items[0usize], out);
                __rt::Field::emit(&*field_bytes, &items[1usize], out);
                __rt::Field::emit(&*field_written, &items[2usize], out);
            },
        );
    }
    #[automatically_derived]
    impl<'a, U: Unit> __rt::Metrics for Filesystem<'a, U>
    where
        Gauge<U>: __rt::Field,
    {
        const DECLARATION: __rt::Declaration = __rt::Declaration::Record(
            &<Self as __rt::Table>::TABLE.0,
        );
        #[inline]
        fn emit(&self, out: &mut __rt::Emitter<'_>) {
            (const { <Self as __rt::Table>::TABLE.1 })(self, out);
        }
    }
};
