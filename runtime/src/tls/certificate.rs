//! When a certificate is valid: the two dates of an X.509 certificate (RFC 5280), read from its DER.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time in which a server's certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    /// From when on.
    pub not_before: SystemTime,
    /// Until when.
    pub not_after: SystemTime,
}

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

impl Certificate {
    /// Reads a certificate in DER. Nothing of it is verified.
    pub fn from_der(mut der: &[u8]) -> Option<Self> {
        let mut certificate = take(&mut der, SEQUENCE)?;
        let mut signed = take(&mut certificate, SEQUENCE)?;
        // That of the first version has none.
        let _ = take(&mut signed, VERSION);
        let _serial_number = take(&mut signed, INTEGER)?;
        let _algorithm = take(&mut signed, SEQUENCE)?;
        let _issuer = take(&mut signed, SEQUENCE)?;
        let mut validity = take(&mut signed, SEQUENCE)?;
        let [not_before, not_after] = [time(&mut validity)?, time(&mut validity)?];
        Some(Self { not_before, not_after })
    }

    /// How long it is still valid, in seconds; less than zero once it is not.
    pub fn seconds_left(&self, now: SystemTime) -> f64 {
        let past = |error: std::time::SystemTimeError| -error.duration().as_secs_f64();
        self.not_after.duration_since(now).map_or_else(past, |left| left.as_secs_f64())
    }
}

/// The content of the next element, if it has this tag.
fn take<'d>(rest: &mut &'d [u8], tag: u8) -> Option<&'d [u8]> {
    let (&first, after) = rest.split_first()?;
    let (&length, mut after) = after.split_first()?;
    if first != tag {
        return None;
    }
    let mut length = usize::from(length);
    if length >= 0x80 {
        let (digits, behind) = after.split_at_checked(length - 0x80)?;
        after = behind;
        // Nothing is as long as four bytes can say.
        length = (digits.len() <= 4).then(|| {
            digits.iter().fold(0_usize, |length, digit| length << 8 | usize::from(*digit))
        })?;
    }
    let (content, behind) = after.split_at_checked(length)?;
    *rest = behind;
    Some(content)
}

/// The next element as a time. Both forms are in UTC and to the second.
fn time(rest: &mut &[u8]) -> Option<SystemTime> {
    if let Some(text) = take(rest, GENERALIZED_TIME) {
        let (year, rest) = text.split_at_checked(4)?;
        return moment(number(year)?, rest);
    }
    let (year, rest) = take(rest, UTC_TIME)?.split_at_checked(2)?;
    let year = number(year)?;
    moment(if year < 50 { 2000 + year } else { 1900 + year }, rest)
}

/// The moment of a year that `MMDDHHMMSSZ` tells.
fn moment(year: u64, text: &[u8]) -> Option<SystemTime> {
    let digits = text.strip_suffix(b"Z").filter(|digits| digits.len() == 10)?;
    let mut parts = digits.chunks(2).map(number);
    let [month, day, hour, minute, second] = std::array::from_fn(|_| parts.next().flatten());
    let month = month.filter(|month| year > 0 && (1..=12).contains(month))?;
    let day = day.filter(|day| (1..=31).contains(day))?;
    let seconds = (hour? * 60 + minute?) * 60 + second?;
    let days = days_before(year, month) + day - 1;
    let since = Duration::from_secs(days * 86_400 + seconds);
    // Days are counted from a year before all others; 1970 is this many days behind it.
    let (epoch, before) = (Duration::from_secs(DAYS_TO_1970 * 86_400), UNIX_EPOCH);
    match since.checked_sub(epoch) {
        Some(after) => before.checked_add(after),
        None => before.checked_sub(epoch.saturating_sub(since)),
    }
}

const DAYS_TO_1970: u64 = days_before(1970, 1);

/// The days from the first of March of the year 0 to the first of a month.
const fn days_before(year: u64, month: u64) -> u64 {
    // The year begins in March, so that a leap day is its last.
    let (year, month) = if month > 2 { (year + 1, month - 3) } else { (year, month + 9) };
    let leap_days = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    (year - 1) * 365 + leap_days + (153 * month + 2) / 5
}

fn number(digits: &[u8]) -> Option<u64> {
    let is_number = digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(time: SystemTime) -> i64 {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_secs().cast_signed(),
            Err(before) => -before.duration().as_secs().cast_signed(),
        }
    }

    fn read(tag: u8, text: &str) -> Option<i64> {
        let mut der = vec![tag, u8::try_from(text.len()).unwrap()];
        der.extend(text.as_bytes());
        time(&mut &*der).map(seconds)
    }

    #[test]
    fn times_are_read_in_both_forms() {
        assert_eq!(read(UTC_TIME, "700101000000Z"), Some(0));
        assert_eq!(read(UTC_TIME, "240229235959Z"), Some(1_709_251_199));
        assert_eq!(read(UTC_TIME, "491231235959Z"), Some(2_524_607_999));
        assert_eq!(read(UTC_TIME, "500101000000Z"), Some(-631_152_000));
        assert_eq!(read(GENERALIZED_TIME, "20500101000000Z"), Some(2_524_608_000));
        assert_eq!(read(GENERALIZED_TIME, "21000301000000Z"), Some(4_107_542_400));
        assert_eq!(read(GENERALIZED_TIME, "99991231235959Z"), Some(253_402_300_799));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "7001010000Z", "700101000000", "701301000000Z", "7001010000x0Z", "700100000000Z"]
        {
            assert_eq!(read(UTC_TIME, text), None, "{text}");
        }
        assert_eq!(read(INTEGER, "700101000000Z"), None);
    }

    #[test]
    fn what_is_cut_off_is_no_certificate() {
        // A sequence of 300 bytes that has none; one whose length has no end; an indefinite one.
        for der in [
            &[SEQUENCE, 0x82, 1, 44][..],
            &[SEQUENCE, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            &[SEQUENCE, 0x80],
            &[],
        ] {
            assert_eq!(Certificate::from_der(der), None);
        }
    }
}
