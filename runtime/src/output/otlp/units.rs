//! Datadog's units as codes of UCUM (<https://ucum.org/ucum>), which OpenTelemetry writes.
//!
//! What is measured has its code; what is counted is an annotation, such as `{request}`, as OpenTelemetry's conventions want it.

use std::borrow::Cow;

use crate::metric::UnitName;

/// The codes of what is not merely counted.
const CODES: &[(&str, &str)] = &[
    ("", "1"),
    ("fraction", "1"),
    ("percent", "%"),
    ("permille", "[ppth]"),
    ("percent_nano", "10*-9.%"),
    ("bit", "bit"),
    ("bit_in_bits_family", "bit"),
    ("bit_in_decimal_bytes_family", "bit"),
    ("bit_in_binary_bytes_family", "bit"),
    ("kilobit", "kbit"),
    ("megabit", "Mbit"),
    ("gigabit", "Gbit"),
    ("terabit", "Tbit"),
    ("petabit", "Pbit"),
    ("exabit", "Ebit"),
    ("byte", "By"),
    ("byte_in_bits_family", "By"),
    ("byte_in_decimal_bytes_family", "By"),
    ("byte_in_binary_bytes_family", "By"),
    ("kilobyte", "kBy"),
    ("megabyte", "MBy"),
    ("gigabyte", "GBy"),
    ("terabyte", "TBy"),
    ("petabyte", "PBy"),
    ("exabyte", "EBy"),
    ("kibibyte", "KiBy"),
    ("mebibyte", "MiBy"),
    ("gibibyte", "GiBy"),
    ("tebibyte", "TiBy"),
    // UCUM's binary prefixes end at `Ti`.
    ("pebibyte", "1024.TiBy"),
    ("exbibyte", "1048576.TiBy"),
    ("nanosecond", "ns"),
    ("microsecond", "us"),
    ("millisecond", "ms"),
    ("second", "s"),
    ("minute", "min"),
    ("hour", "h"),
    ("day", "d"),
    ("week", "wk"),
    ("unix second", "s"),
    ("unix millisecond", "ms"),
    ("hertz", "Hz"),
    ("kilohertz", "kHz"),
    ("megahertz", "MHz"),
    ("gigahertz", "GHz"),
    ("degree celsius", "Cel"),
    ("decidegree celsius", "dCel"),
    ("degree fahrenheit", "[degF]"),
    ("nanowatt", "nW"),
    ("microwatt", "uW"),
    ("milliwatt", "mW"),
    ("deciwatt", "dW"),
    ("watt", "W"),
    ("kilowatt", "kW"),
    ("megawatt", "MW"),
    ("gigawatt", "GW"),
    ("terawatt", "TW"),
    ("milliwatt-hour", "mW.h"),
    ("watt-hour", "W.h"),
    ("kilowatt-hour", "kW.h"),
    // A logarithm of milliwatts; UCUM knows those of watts and kilowatts alone.
    ("decibel-milliwatt", "{dBm}"),
    ("nanojoule", "nJ"),
    ("millijoule", "mJ"),
    ("joule", "J"),
    ("kilojoule", "kJ"),
    ("megajoule", "MJ"),
    ("milliampere", "mA"),
    ("ampere", "A"),
    ("millivolt", "mV"),
    ("volt", "V"),
    // A prefix needs a unit, and an annotation is none.
    ("nanocore", "10*-9.{core}"),
    ("microcore", "10*-6.{core}"),
    ("millicore", "10*-3.{core}"),
    ("kilocore", "10*3.{core}"),
    ("megacore", "10*6.{core}"),
    ("gigacore", "10*9.{core}"),
    ("teracore", "10*12.{core}"),
    ("petacore", "10*15.{core}"),
    ("exacore", "10*18.{core}"),
    ("nanodollar", "10*-9.{dollar}"),
    ("microdollar", "10*-6.{dollar}"),
];

/// The code of a unit, such as `By`, `{request}` or `By/s`; `1` for what has none.
pub fn ucum(unit: UnitName) -> Cow<'static, str> {
    if unit.per.is_empty() {
        return code(unit.name);
    }
    let (whole, part) = (code(unit.name), code(unit.per));
    // Products and quotients are read from left to right.
    Cow::Owned(if part.contains('.') {
        format!("{whole}/({part})")
    } else {
        format!("{whole}/{part}")
    })
}

/// The code of a unit per second, of what is one already itself.
pub(super) fn per_second(unit: UnitName) -> Cow<'static, str> {
    match unit.per {
        "" => ucum(UnitName { per: "second", ..unit }),
        _ => ucum(unit),
    }
}

fn code(name: &str) -> Cow<'static, str> {
    let known = CODES.iter().find(|(unit, _)| *unit == name);
    known.map_or_else(|| Cow::Owned(annotation(name)), |(_, code)| Cow::Borrowed(*code))
}

/// The name in braces. An annotation has no blanks, and letters of ASCII alone.
fn annotation(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push('{');
    for letter in name.chars() {
        match letter {
            ' ' => out.push('_'),
            '-' | '_' | '0'..='9' | 'a'..='z' | 'A'..='Z' => out.push(letter),
            'á' | 'ā' => out.push('a'),
            'đ' => out.push('d'),
            'í' => out.push('i'),
            'ł' => out.push('l'),
            'ó' | 'ồ' => out.push('o'),
            _ => {}
        }
    }
    out.push('}');
    out
}
