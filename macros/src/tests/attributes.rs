//! Messages about the form of attributes, the same for all of them; and what becomes of doc comments.

use quote::quote;
use syn::parse_quote;

use crate::doc::Doc;

fn errors(attribute: &str) -> Vec<String> {
    let item = format!("{attribute} struct R {{ #[doc = \" x\"] x: String }}");
    super::derive_errors(crate::config::derive, &item)
}

#[test]
fn every_error_of_an_attribute_is_told() {
    assert_eq!(
        errors(
            "#[config(nam = 1, 5, crate, validate = \"check\", validate = check, validate = check)]"
        ),
        [
            "unknown option `nam` of `#[config]` on a struct\nhint: did you mean `name`? it belongs on a field; the struct is not named in the file",
            "expected an option\nhint: write `#[config(validate = …)]`",
            "`validate` is given twice\nhint: leave one of them out",
            "`validate` is given twice\nhint: leave one of them out",
            "`crate` takes a path, without quotes\nhint: write `crate = some::path`",
            "`validate` takes a path, without quotes\nhint: write `validate = some::path`",
        ]
    );
}

#[test]
fn attributes_of_another_form() {
    assert_eq!(
        errors("#[config = \"x\"]"),
        ["options stand in parentheses\nhint: write `#[config(validate = …)]`"]
    );
    assert_eq!(errors("#[config(validate =)]"), ["`validate =` has no value"]);
    assert_eq!(
        errors("#[config(validate(check))]"),
        ["a comma or `=` comes after `validate`\nhint: write `validate = …`"]
    );
}

#[test]
fn paragraphs_of_doc_comments() {
    let tokens = quote! {
        /// One sentence
        /// on two lines.
        ///
        /// - a list
        /// - of two
        ///
        /// ```
        /// code {
        ///     more
        /// ```
    };
    let item: syn::ItemStruct = parse_quote!(#tokens struct S;);
    let doc = Doc::of(&item.attrs);
    assert_eq!(
        doc.text(),
        "One sentence on two lines.\n\n- a list\n- of two\n\n```\ncode {\n    more\n```"
    );
    let item: syn::ItemStruct = parse_quote! {
        /** One sentence
         * on two lines. */
        struct S;
    };
    assert_eq!(Doc::of(&item.attrs).line(), "One sentence on two lines.");
}

#[test]
fn escaped_markup_is_text() {
    let line = |text: &str| {
        let item: syn::ItemStruct = parse_quote!(#[doc = #text] struct S;);
        Doc::of(&item.attrs).line()
    };
    assert_eq!(line(r"See \[x\], 1\. and \\."), r"See [x], 1. and \.");
    assert_eq!(line(r"C:\Temp and \ alone\"), r"C:\Temp and \ alone\");
    assert_eq!(line(r"Code `\[x\]` and ``a`\_b``, \`\_\`"), r"Code `\[x\]` and ``a`\_b``, `_`");
    assert_eq!(line(r"A tick ` alone\."), "A tick ` alone.");
    assert_eq!(line("Größe \\– 1"), "Größe \\– 1");
}

#[test]
#[should_panic(expected = "the errors of an item were dropped unread")]
fn errors_cannot_be_forgotten() {
    drop(crate::diag::Errors::new());
}
