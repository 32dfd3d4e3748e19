//! Times and durations as the Agent's status shows them.

/// A time of day and its milliseconds since the epoch: `2026-11-24 13:30:00 UTC (1795527000000)`.
pub(super) fn date(seconds: u64) -> String {
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days);
    let (hours, minutes, rest) = (time / 3600, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{rest:02} UTC ({seconds}000)")
}

/// Year, month and day of the Gregorian calendar, counted in eras of 400 years that begin in March.
fn civil(days_since_epoch: u64) -> (u64, u64, u64) {
    let days = days_since_epoch + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + u64::from(month <= 2), month, day)
}

/// A duration as Go writes it: `0s`, `43ms`, `1.5s`, `1h0m3s`.
pub(super) fn duration(milliseconds: u64) -> String {
    if milliseconds == 0 {
        return String::from("0s");
    }
    if milliseconds < 1000 {
        return format!("{milliseconds}ms");
    }
    let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000);
    let fraction = format!("{}.{:03}", rest / 1000, rest % 1000);
    let seconds = fraction.trim_end_matches('0').trim_end_matches('.');
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds}s"),
        (0, minutes) => format!("{minutes}m{seconds}s"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
    }
}

/// A number with a comma before every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{date, duration, grouped};

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01 00:00:00 UTC (0000)");
        assert_eq!(date(951_782_399), "2000-02-28 23:59:59 UTC (951782399000)");
        assert_eq!(date(951_782_400), "2000-02-29 00:00:00 UTC (951782400000)");
        assert_eq!(date(1_627_586_901), "2021-07-29 19:28:21 UTC (1627586901000)");
        assert_eq!(date(4_107_542_399), "2100-02-28 23:59:59 UTC (4107542399000)");
        assert_eq!(date(4_107_542_400), "2100-03-01 00:00:00 UTC (4107542400000)");
    }

    #[test]
    fn durations_are_written_as_in_go() {
        let all = [0, 43, 1000, 1500, 61_000, 3_600_000, 3_661_050].map(duration);
        assert_eq!(all, ["0s", "43ms", "1s", "1.5s", "1m1s", "1h0m0s", "1h1m1.05s"]);
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!([7, 999, 1000, 1_234_567].map(grouped), ["7", "999", "1,000", "1,234,567"]);
    }
}
