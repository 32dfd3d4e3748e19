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
    impl __rt::TagValue for Role {
        const VALUES: __rt::Option<&'static [&'static str]> = __rt::Some(
            &["read_only", "rw"],
        );
        #[inline]
        fn write(&self, out: &mut __rt::TagText<'_>) {
            out.push_str(
                match self {
                    Self::ReadOnly => "read_only",
                    Self::ReadWrite => "rw",
                },
            );
        }
    }
    #[automatically_derived]
    impl __rt::LabelValue for Role {
        fn from_label(text: &str) -> __rt::Option<Self> {
            match text {
                "read_only" => __rt::Some(Self::ReadOnly),
                "rw" => __rt::Some(Self::ReadWrite),
                _ => __rt::None,
            }
        }
    }
};
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
    impl<T> __rt::TagValue for Name<T>
    where
        T: __rt::TagValue,
    {
        const VALUES: __rt::Option<&'static [&'static str]> = <T as __rt::TagValue>::VALUES;
        const OPTIONAL: bool = <T as __rt::TagValue>::OPTIONAL;
        #[inline]
        fn write(&self, out: &mut __rt::TagText<'_>) {
            <T as __rt::TagValue>::write(&self.0, out);
        }
    }
};
