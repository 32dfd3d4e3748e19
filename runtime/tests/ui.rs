//! What the compiler tells an author who got something wrong: one case a file, its message beside it.
//!
//! The texts differ between versions of the compiler; these are those of the version in `rust-version`.
//! `TRYBUILD=overwrite cargo test --test ui` writes them anew.

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
