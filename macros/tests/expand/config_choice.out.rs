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
    impl __rt::OptionValue for Mode {
        const SHAPE: __rt::Shape = __rt::Shape::OneOf(
            &[("full_scan", "At everything."), ("quick", "At what changed.")],
        );
        fn read(node: &__rt::Node, reader: &mut __rt::Reader) -> __rt::Option<Self> {
            match __rt::read_choice(
                node,
                &[("full_scan", "At everything."), ("quick", "At what changed.")],
                reader,
            )? {
                0usize => __rt::Some(Self::FullScan),
                1usize => __rt::Some(Self::Changes),
                _ => __rt::None,
            }
        }
        fn show(&self) -> __rt::Value {
            __rt::Value::from(
                match self {
                    Self::FullScan => "full_scan",
                    Self::Changes => "quick",
                },
            )
        }
    }
};
