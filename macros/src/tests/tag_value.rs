//! Messages of `#[derive(TagValue)]`.

fn errors(item: &str) -> Vec<String> {
    super::derive_errors(crate::tag_value::derive, item)
}

#[test]
fn right_values_have_no_errors() {
    assert_eq!(errors("enum Role { Primary, #[tag(name = \"replica\")] Secondary }"), [""; 0]);
    assert_eq!(errors("struct Name(String);"), [""; 0]);
}

#[test]
fn values_that_are_not_known_beforehand() {
    assert_eq!(
        errors("enum Role { Primary, Replica(u32) }"),
        [
            "`Replica` has fields, and the values of a closed tag are known beforehand\nhint: leave the fields out; for an open set of values implement `Display` and mark the record's field `#[tag(display)]`"
        ]
    );
    for item in ["struct Role { name: String }", "struct Role;", "union Role { a: u8 }"] {
        assert_eq!(
            errors(item),
            [
                "the value of a tag is an enum of plain variants, or a tuple struct of one field\nhint: a type that implements `Display` needs no derive: mark the field `#[tag(display)]`"
            ]
        );
    }
    assert_eq!(
        errors("enum Role {}"),
        ["the enum has no variant, so the tag would have no value\nhint: add one"]
    );
}

#[test]
fn values_that_cannot_be_told_apart_or_sent() {
    assert_eq!(
        errors("enum Role { Primary, #[tag(name = \"primary\")] Main }"),
        [
            "two variants are written `primary`: `Primary` and `Main`\nhint: give one of them another `name`"
        ]
    );
    assert_eq!(
        errors("enum Role { #[tag(name = \"\")] A, #[tag(name = \"b,c\")] B }"),
        [
            "`` is not the value of a tag: it is empty, and an empty tag is left out\nhint: give it a name",
            "`b,c` is not the value of a tag: it has a comma or a control character, which cannot be sent\nhint: use `_`",
        ]
    );
}

#[test]
fn options_in_the_wrong_place() {
    assert_eq!(
        errors("#[tag(name = \"x\")] enum Role { #[tag(nam = \"main\")] Primary }"),
        [
            "`name` does not belong on a type\nhint: `#[tag(name = \"…\")]` belongs on a variant, or on the field of a record",
            "unknown option `nam` of `#[tag]` on a variant\nhint: did you mean `name`? the only option is `name`",
        ]
    );
}
