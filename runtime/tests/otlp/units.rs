//! Every unit has a code of UCUM that is well-formed, by UCUM's grammar and the units of it that are used.

use allwell::metric::UnitName;
use allwell::output::otlp::ucum;
use allwell::units::NAMES;

/// Units that take a prefix, and those that do not.
const METRIC: [&str; 9] = ["s", "bit", "By", "Hz", "W", "J", "A", "V", "Cel"];
const OTHERS: [&str; 9] = ["min", "h", "d", "wk", "%", "[ppth]", "[degF]", "10*", "m"];
const PREFIXES: [&str; 14] =
    ["n", "u", "m", "d", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti"];

/// `term = component *(("." / "/") component)`
fn is_term(text: &str) -> bool {
    let mut depth = 0;
    let mut components = vec![String::new()];
    for char in text.chars() {
        match char {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            '.' | '/' if depth == 0 => {
                components.push(String::new());
                continue;
            }
            _ => {}
        }
        components.last_mut().unwrap().push(char);
    }
    depth == 0 && components.iter().all(|component| is_component(component))
}

/// `component = unit [annotation] / annotation / factor / "(" term ")"`
fn is_component(text: &str) -> bool {
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return is_term(inner);
    }
    if !text.is_empty() && text.chars().all(|char| char.is_ascii_digit()) {
        return true;
    }
    let (unit, annotation) = text.split_once('{').map_or((text, None), |(u, a)| (u, Some(a)));
    let annotated = annotation.is_none_or(|text| {
        text.strip_suffix('}').is_some_and(|text| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && !"{}".contains(c))
        })
    });
    annotated && (is_unit(unit) || unit.is_empty() && annotation.is_some())
}

/// `unit = [prefix] atom [exponent]`
fn is_unit(text: &str) -> bool {
    let atom = match text.strip_prefix("10*") {
        Some(exponent) => return exponent.parse::<i32>().is_ok(),
        None => text,
    };
    let prefixed = |atom: &str| {
        PREFIXES
            .iter()
            .any(|prefix| atom.strip_prefix(prefix).is_some_and(|atom| METRIC.contains(&atom)))
    };
    METRIC.contains(&atom) || OTHERS.contains(&atom) || prefixed(atom)
}

#[test]
fn the_grammar_of_this_test_refuses_what_is_no_code() {
    for wrong in ["", "{}", "request", "{a b}", "n{core}", "kmin", "By/", "(By", "{ó}", "KiW2"] {
        assert!(!is_term(wrong), "`{wrong}`");
    }
}

#[test]
fn every_unit_has_a_code_that_is_well_formed() {
    for name in NAMES.iter().copied().chain([""]) {
        for per in ["", "second", "byte", "watt-hour", "pebibyte", "connection"] {
            let code = ucum(UnitName { name, per });
            assert!(is_term(&code), "`{name}` per `{per}` is `{code}`");
        }
        let code = ucum(UnitName { name: "request", per: name });
        assert!(is_term(&code), "`request` per `{name}` is `{code}`");
    }
}

/// Two units with one code are the same one to whoever reads it: only those that Datadog has twice may be.
#[test]
fn units_are_told_apart_by_their_codes() {
    let mut codes = std::collections::BTreeMap::<_, Vec<_>>::new();
    for name in NAMES.iter().copied().chain([""]) {
        codes.entry(ucum(UnitName { name, per: "" })).or_default().push(name);
    }
    codes.retain(|_, names| names.len() > 1);
    let twice: Vec<_> = codes.into_iter().map(|(code, names)| (code.into_owned(), names)).collect();
    let expected = [
        ("1", vec!["fraction", ""]),
        (
            "By",
            vec![
                "byte",
                "byte_in_bits_family",
                "byte_in_decimal_bytes_family",
                "byte_in_binary_bytes_family",
            ],
        ),
        (
            "bit",
            vec![
                "bit",
                "bit_in_bits_family",
                "bit_in_decimal_bytes_family",
                "bit_in_binary_bytes_family",
            ],
        ),
        ("ms", vec!["millisecond", "unix millisecond"]),
        ("s", vec!["second", "unix second"]),
    ];
    assert_eq!(twice, expected.map(|(code, names)| (code.to_owned(), names)));
}

#[test]
fn codes_are_those_that_opentelemetry_uses() {
    let cases = [
        ("byte", "", "By"),
        ("kibibyte", "", "KiBy"),
        ("second", "", "s"),
        ("microsecond", "", "us"),
        ("percent", "", "%"),
        ("request", "", "{request}"),
        ("garbage collection", "", "{garbage_collection}"),
        ("request", "second", "{request}/s"),
        ("byte", "second", "By/s"),
        ("request", "watt-hour", "{request}/(W.h)"),
        ("", "second", "1/s"),
        ("el salvador colón", "", "{el_salvador_colon}"),
        ("us dollar (next day)", "", "{us_dollar_next_day}"),
    ];
    for (name, per, code) in cases {
        assert_eq!(ucum(UnitName { name, per }), code);
    }
}
