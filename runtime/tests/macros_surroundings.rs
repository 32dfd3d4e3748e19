//! Macros in odd surroundings: a strict crate, a renamed path, shadowed names of the standard library, raw identifiers.
#![forbid(unsafe_code)]
#![deny(warnings, clippy::pedantic, unused_qualifications, missing_docs, unreachable_pub)]

/// The crate under another name.
mod elsewhere {
    pub(crate) use allwell as renamed;
}

mod renamed_crate {
    use crate::elsewhere::renamed::metric::{Gauge, units};
    use crate::elsewhere::renamed::{Config, Metrics, TagValue, check, testing};

    #[derive(TagValue)]
    #[tag(crate = crate::elsewhere::renamed)]
    enum Level {
        High,
    }

    /// Options.
    #[derive(Config)]
    #[config(crate = crate::elsewhere::renamed)]
    struct Options {
        /// Which.
        #[config(tag, default = "one")]
        which: String,
    }

    #[derive(Metrics)]
    #[metrics(namespace = "renamed", crate = crate::elsewhere::renamed)]
    struct Row {
        #[tag]
        level: Level,
        /// Rows.
        rows: Gauge<units::Row>,
    }

    /// Looks.
    #[check(crate = crate::elsewhere::renamed)]
    fn renamed(_: &Options) -> Row {
        Row { level: Level::High, rows: 3.into() }
    }

    #[tokio::test]
    async fn works() {
        let run = testing::run::<renamed>("{}").await;
        assert_eq!(run.to_string(), "gauge renamed.rows 3 row [level:high, which:one]\n");
    }
}

mod shadowed_names {
    use allwell::metric::{Gauge, units};

    #[allow(non_camel_case_types, dead_code)]
    mod shadows {
        pub(super) struct Result;
        pub(super) struct Option;
        pub(super) struct String;
        pub(super) struct Vec;
        pub(super) struct Some;
        pub(super) struct Ok;
        pub(super) struct Box;
        pub(super) struct Default;
    }
    #[expect(unused_imports, reason = "they are there to be in the way")]
    use shadows::{Box, Default, Ok, Option, Result, Some, String, Vec};

    /// Options.
    #[derive(allwell::Config)]
    struct Options {
        /// Which.
        #[config(default = 7, range = 1..=9, validate = odd, example = 3, tag)]
        which: u16,
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "`validate` takes a reference")]
    fn odd(which: &u16) -> std::result::Result<(), &'static str> {
        if which % 2 == 1 { std::result::Result::Ok(()) } else { Err("it is even") }
    }

    #[derive(allwell::Metrics)]
    #[metrics(namespace = "shadowed")]
    struct Row {
        #[tag]
        name: &'static str,
        /// Rows.
        rows: Gauge<units::Row>,
    }

    /// Looks.
    #[allwell::check]
    async fn shadowed(options: &Options) -> Row {
        std::future::ready(()).await;
        Row { name: "a", rows: options.which.into() }
    }

    #[tokio::test]
    async fn works() {
        let run = allwell::testing::run::<shadowed>("{}").await;
        assert_eq!(run.to_string(), "gauge shadowed.rows 7 row [name:a, which:7]\n");
        let problems = allwell::testing::problems_of::<shadowed>("which: 4");
        assert!(problems.contains("`which` is not valid: it is even"), "{problems}");
    }
}

mod raw_identifiers {
    use allwell::prelude::*;

    /// Options.
    #[derive(Config)]
    struct Options {
        /// Which.
        #[config(tag)]
        r#type: String,
    }

    #[derive(Metrics)]
    #[metrics(namespace = "raw")]
    struct Raw {
        #[tag]
        r#loop: bool,
        /// Matches.
        r#match: Gauge<Hit>,
    }

    /// Looks.
    #[check]
    fn r#gen(options: &Options) -> Raw {
        Raw { r#loop: true, r#match: options.r#type.len().into() }
    }

    #[tokio::test]
    async fn lose_their_mark() {
        let run = allwell::testing::run::<r#gen>("type: abc").await;
        assert_eq!(run.to_string(), "gauge raw.match 3 hit [loop:true, type:abc]\n");
    }
}

mod unhandy_names {
    use allwell::prelude::*;

    #[derive(Metrics)]
    #[metrics(namespace = "unhandy")]
    struct Unhandy {
        #[tag]
        tags: &'static str,
        /// One.
        out: Gauge<Unitless>,
        /// Two.
        items: Gauge<Unitless>,
        /// Three.
        record: Gauge<Unitless>,
    }

    /// A check that has the name of a parameter.
    #[check(name = "unhandy")]
    fn config(cx: &Context) -> Unhandy {
        let length = cx.check_name().len();
        Unhandy { tags: "t", out: 1.into(), items: 2.into(), record: length.into() }
    }

    #[tokio::test]
    async fn do_not_clash_with_those_of_the_code() {
        let run = allwell::testing::run::<config>("").await;
        assert_eq!(
            run.to_string(),
            "gauge unhandy.items 2 [tags:t]\ngauge unhandy.out 1 [tags:t]\ngauge unhandy.record 7 [tags:t]\n"
        );
    }
}

mod written_by_a_macro {
    use allwell::prelude::*;

    macro_rules! check_of {
        ($name:ident, $description:literal, $interval:literal, $ty:ty, $value:expr, $unit:ty) => {
            /// Options.
            #[derive(Config)]
            struct Options {
                #[doc = $description]
                #[config(default = $value, tag)]
                value: $ty,
            }

            #[derive(Metrics)]
            #[metrics(namespace = "written")]
            struct Value {
                #[tag]
                kind: $ty,
                #[doc = $description]
                value: Gauge<$unit>,
            }

            #[doc = $description]
            #[check(interval = $interval)]
            fn $name(options: &Options) -> Value {
                Value { kind: options.value, value: options.value.into() }
            }
        };
    }

    check_of!(written, "Looks.", "2m", u16, 5, Byte);

    #[tokio::test]
    async fn works() {
        let run = allwell::testing::run::<written>("").await;
        assert_eq!(run.to_string(), "gauge written.value 5 byte [kind:5, value:5]\n");
    }
}
