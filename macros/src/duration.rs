//! Times as they are written in attributes: `15s`, `500ms`, `2m`, `1h`.

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// The longest time that is taken: longer than anything that makes sense, short enough for every clock.
const LONGEST: u64 = 366 * 24 * 3_600_000;

/// A time in milliseconds, or what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<u64, &'static str> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err("it does not begin with a whole number");
    }
    let unit = unit.trim();
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(if unit.is_empty() { "it has no unit" } else { "its unit is unknown" });
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(*factor)) {
        Some(0) => Err("it is zero"),
        Some(milliseconds) if milliseconds <= LONGEST => Ok(milliseconds),
        _ => Err("it is longer than a year"),
    }
}

/// A time as it would be written.
pub(crate) fn text(milliseconds: u64) -> String {
    let whole = UNITS.iter().rev().find(|(_, factor)| milliseconds.is_multiple_of(*factor));
    let (unit, factor) = whole.copied().unwrap_or(("ms", 1));
    format!("{}{unit}", milliseconds / factor)
}
