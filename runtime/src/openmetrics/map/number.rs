//! Bounds and quantiles as the values of tags: the way Python writes a float, and 0 without a fraction.

/// The number that a label holds, and its text as a tag; nothing if it is no number.
pub(super) fn canonical(label: &str) -> Option<(f64, String)> {
    let number: f64 = label.trim().parse().ok()?;
    Some((number, text(number)))
}

/// How many numbers are remembered.
const MAX_NUMBERS: usize = 64;

/// The numbers of the last labels: buckets have the same bounds again and again, in the same order.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// As a label writes it, the number, and as the tag writes it.
    known: Vec<(Box<str>, f64, String)>,
    next: usize,
}

impl Numbers {
    /// The number that a label holds, and its text as a tag; nothing if it is no number.
    pub(super) fn get(&mut self, label: &str) -> Option<(f64, &str)> {
        let is_it = |(known, ..): &(Box<str>, f64, String)| **known == *label;
        let place = match self.known.get(self.next) {
            Some(expected) if is_it(expected) => Some(self.next),
            _ => self.known.iter().position(is_it),
        };
        let place = match place {
            Some(place) => place,
            None => self.add(label)?,
        };
        self.next = if place + 1 < self.known.len() { place + 1 } else { 0 };
        let (_, number, text) = &self.known[place];
        Some((*number, text))
    }

    fn add(&mut self, label: &str) -> Option<usize> {
        let (number, text) = canonical(label)?;
        if self.known.len() == MAX_NUMBERS {
            self.known.clear();
        }
        // There is one zero only.
        self.known.push((label.into(), number + 0.0, text));
        Some(self.known.len() - 1)
    }
}

/// The text of a number as Python's `str(number or 0)`.
pub(in crate::openmetrics) fn text(number: f64) -> String {
    if number == 0.0 {
        return String::from("0");
    }
    if !number.is_finite() {
        return String::from(match (number.is_nan(), number > 0.0) {
            (true, _) => "nan",
            (_, true) => "inf",
            _ => "-inf",
        });
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or_default() {
        -4..16 => format!("{number:?}"),
        exponent if exponent < 0 => format!("{mantissa}e-{:02}", -exponent),
        exponent => format!("{mantissa}e+{exponent:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, text};

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        let written = [0.0, -0.0, 0.5, 1.0, 10.0, 1e15, 1e16, 1.5e300, 1e-4, 1e-5, 2.5e-7, 1e22];
        assert_eq!(
            written.map(text),
            [
                "0",
                "0",
                "0.5",
                "1.0",
                "10.0",
                "1000000000000000.0",
                "1e+16",
                "1.5e+300",
                "0.0001",
                "1e-05",
                "2.5e-07",
                "1e+22"
            ]
        );
        assert_eq!(canonical("+Inf").map(|(_, text)| text).as_deref(), Some("inf"));
        assert_eq!(canonical("-inf").map(|(_, text)| text).as_deref(), Some("-inf"));
        assert_eq!(canonical("much"), None);
    }
}
