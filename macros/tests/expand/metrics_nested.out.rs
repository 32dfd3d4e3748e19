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
    impl __rt::Table for Server {
        const TABLE: (__rt::Record, fn(&Self, &mut __rt::Emitter<'_>)) = (
            __rt::Record {
                type_name: "Server",
                tags: &[],
                items: &[],
                nested: &[
                    __rt::record_field(|record: &Self| &record.memory),
                    __rt::records_field(
                        |record: &Self| &record.databases,
                        "db",
                        "Name of the database.",
                    ),
                ],
            },
            |record, out| {
                let Self { memory: field_memory, databases: field_databases } = record;
                __rt::Metrics::emit(&*field_memory, out);
                __rt::Keyed::emit_each(&*field_databases, "db", out);
            },
        );
    }
    #[automatically_derived]
    impl __rt::Metrics for Server {
        const DECLARATION: __rt::Declaration = __rt::Declaration::Record(
            &<Self as __rt::Table>::TABLE.0,
        );
        #[inline]
        fn emit(&self, out: &mut __rt::Emitter<'_>) {
            (const { <Self as __rt::Table>::TABLE.1 })(self, out);
        }
    }
    const _: __rt::Declaration = <Server as __rt::Metrics>::DECLARATION;
};
