//! Logs how the outputs fare: each change for the worse or better, and what was lost since the last look.

use std::collections::HashMap;

use tracing::{error, info, warn};

use crate::output::{Amount, OutputState, OutputStatistics};

/// What is remembered of each output since the last look.
#[derive(Debug, Default)]
pub(super) struct Outlook {
    last: HashMap<String, OutputStatistics>,
}

/// Something worth a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum News {
    Retrying,
    Working,
    Closed,
    /// So much had to make room.
    Dropped(Amount),
    /// So much was refused for good.
    Refused(Amount),
    /// So much was lost with the process before.
    Killed(Amount),
    /// So much is sent again, though it may have been accepted.
    Again(Amount),
}

impl Outlook {
    /// Logs what is new. It says whether any output still takes something.
    pub(super) fn look(&mut self, outputs: Vec<OutputStatistics>) -> bool {
        let any_works = outputs.iter().any(|output| output.state != OutputState::Closed);
        for output in outputs {
            for news in news(self.last.get(&output.name), &output) {
                tell(&output, &news);
            }
            self.last.insert(output.name.clone(), output);
        }
        any_works
    }
}

fn news(before: Option<&OutputStatistics>, now: &OutputStatistics) -> Vec<News> {
    let state = before.map_or(OutputState::Working, |before| before.state);
    let mut news = Vec::new();
    match now.state {
        state_now if state_now == state => {}
        OutputState::Retrying => news.push(News::Retrying),
        OutputState::Working => news.push(News::Working),
        OutputState::Closed => news.push(News::Closed),
    }
    // An output that tells a reason once is quoted once, however much it goes on to refuse.
    let told = now.last_error.is_some() && before.is_some_and(|b| b.last_error == now.last_error);
    let since = |count: fn(&OutputStatistics) -> Amount| {
        count(now).without(before.map(count).unwrap_or_default())
    };
    let (killed, again) = (since(|output| output.killed), since(|output| output.again));
    let dropped = since(|output| output.dropped).without(killed);
    let refused = since(|output| output.refused);
    news.extend((killed.total() > 0).then_some(News::Killed(killed)));
    news.extend((again.total() > 0).then_some(News::Again(again)));
    news.extend((dropped.total() > 0).then_some(News::Dropped(dropped)));
    news.extend((refused.total() > 0 && !told).then_some(News::Refused(refused)));
    news
}

fn tell(output: &OutputStatistics, news: &News) {
    let name = &output.name;
    let why = output.last_error.as_ref().map_or("", |(_, message)| message.as_str());
    match news {
        News::Retrying => warn!(output = name, "the output does not take anything now: {why}"),
        News::Working => info!(output = name, "the output takes everything again"),
        News::Closed => error!(output = name, "the output takes nothing any more: {why}"),
        News::Dropped(amount) => {
            let lost = amount.total();
            warn!(output = name, lost, "the oldest had to make room for the newest: {why}");
        }
        News::Killed(amount) => {
            let lost = amount.total();
            warn!(
                output = name,
                lost,
                "it was in the memory of the process before, which was killed or had no time at its end"
            );
        }
        News::Again(amount) => {
            let again = amount.total();
            warn!(
                output = name,
                again,
                "nobody knows whether it was accepted: it is sent again, and may arrive twice"
            );
        }
        News::Refused(amount) => {
            warn!(output = name, lost = amount.total(), "the output refuses for good: {why}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(state: OutputState, dropped: u64, refused: u64) -> OutputStatistics {
        let amount = |series| Amount { series, ..Amount::default() };
        OutputStatistics {
            name: String::from("x"),
            state,
            delivered: amount(7),
            queued: amount(0),
            stored: amount(0),
            restored: amount(0),
            dropped: amount(dropped),
            killed: amount(0),
            again: amount(0),
            lasting: None,
            refused: amount(refused),
            errors: 0,
            last_error: None,
        }
    }

    #[test]
    fn each_change_is_news_once_and_losses_are_those_since_the_last_look() {
        use OutputState::{Closed, Retrying, Working};
        let amount = |series| Amount { series, ..Amount::default() };
        let steps = [
            (output(Working, 0, 0), vec![]),
            (output(Retrying, 0, 0), vec![News::Retrying]),
            (output(Retrying, 5, 0), vec![News::Dropped(amount(5))]),
            (output(Retrying, 5, 0), vec![]),
            (
                output(Working, 8, 2),
                vec![News::Working, News::Dropped(amount(3)), News::Refused(amount(2))],
            ),
            (output(Closed, 8, 2), vec![News::Closed]),
        ];
        let mut before = None;
        for (now, expected) in steps {
            assert_eq!(news(before.as_ref(), &now), expected);
            before = Some(now);
        }
    }

    #[test]
    fn what_was_lost_with_the_process_before_is_told_once_and_did_not_make_room() {
        let amount = |series| Amount { series, ..Amount::default() };
        let first = OutputStatistics {
            killed: amount(3),
            again: amount(2),
            ..output(OutputState::Working, 4, 0)
        };
        let told = [News::Killed(amount(3)), News::Again(amount(2)), News::Dropped(amount(1))];
        assert_eq!(news(None, &first), told);
        assert_eq!(news(Some(&first), &first), []);
    }

    #[test]
    fn it_is_over_when_no_output_takes_anything() {
        let mut outlook = Outlook::default();
        let other =
            OutputStatistics { name: String::from("y"), ..output(OutputState::Working, 0, 0) };
        assert!(outlook.look(vec![output(OutputState::Closed, 0, 0), other]));
        assert!(!outlook.look(vec![output(OutputState::Closed, 0, 0)]));
    }
}
