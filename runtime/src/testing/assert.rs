//! What a test says of a run; a failure shows what was submitted instead.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::export::statuses;
use crate::metric::Status;
use crate::run::RunOutcome;

use super::seen::{Run, SeenServiceCheck};

/// How many similar metrics a failure shows.
const SIMILAR: usize = 5;

impl Run {
    /// The run ended well.
    ///
    /// # Panics
    /// It did not; the message is its error.
    #[track_caller]
    pub fn assert_ok(&self) -> &Self {
        assert!(self.is_ok(), "the run of `{}` failed: {}", self.name(), self.report.outcome);
        self
    }

    /// The run failed, with an error that contains this text.
    ///
    /// # Panics
    /// It ended well, or with another error.
    #[track_caller]
    pub fn assert_failed(&self, text: &str) -> &Self {
        match &self.report.outcome {
            RunOutcome::Ok => {
                panic!("the run of `{}` did not fail, `{text}` was expected", self.name())
            }
            outcome => {
                let outcome = outcome.to_string();
                assert!(
                    outcome.contains(text),
                    "the run failed with `{outcome}`, not with `{text}`"
                );
            }
        }
        self
    }

    /// A metric was submitted with this value and exactly these tags, in any order.
    ///
    /// # Panics
    /// It was not; the message lists the metrics of similar name.
    #[track_caller]
    pub fn assert_metric<T: AsRef<str>>(
        &self,
        name: &str,
        value: f64,
        tags: impl IntoIterator<Item = T>,
    ) -> &Self {
        let mut tags: Vec<String> = tags.into_iter().map(|tag| tag.as_ref().to_owned()).collect();
        tags.sort();
        let found = self.named(name).any(|metric| same(metric.value, value) && metric.tags == tags);
        assert!(
            found,
            "`{name}` was not submitted as {value} [{}]\n{}",
            tags.join(", "),
            self.similar(name)
        );
        self
    }

    /// A metric was submitted at least once, with any value and tags.
    ///
    /// # Panics
    /// It was not; the message lists the metrics of similar name.
    #[track_caller]
    pub fn assert_submitted(&self, name: &str) -> &Self {
        assert!(
            self.named(name).next().is_some(),
            "`{name}` was not submitted\n{}",
            self.similar(name)
        );
        self
    }

    /// A metric was not submitted.
    ///
    /// # Panics
    /// It was.
    #[track_caller]
    pub fn assert_not_submitted(&self, name: &str) -> &Self {
        assert!(
            self.named(name).next().is_none(),
            "`{name}` was submitted\n{}",
            self.similar(name)
        );
        self
    }

    /// A service check was submitted with this status and message.
    ///
    /// # Panics
    /// It was not; the message lists those that were.
    #[track_caller]
    pub fn assert_service_check(&self, name: &str, status: impl Into<Status>) -> &Self {
        let status = status.into();
        let mut named = self.service_checks.iter().filter(|check| check.name == name);
        assert!(
            named.any(|check| check.status == status),
            "service check `{name}` was not submitted as {status}\n{}",
            self.list_service_checks()
        );
        self
    }

    /// An event with this title was sent.
    ///
    /// # Panics
    /// It was not; the message lists those that were.
    #[track_caller]
    pub fn assert_event(&self, title: &str) -> &Self {
        let titles: Vec<&str> = self.events.iter().map(|event| event.title.as_str()).collect();
        assert!(titles.contains(&title), "no event `{title}` was sent\nsent: {titles:?}");
        self
    }

    /// Everything that the check declares was submitted, and service checks have statuses that their descriptions name, which
    /// is where `service_checks.json` takes them from.
    ///
    /// # Panics
    /// Something was not; the message lists it.
    #[track_caller]
    pub fn assert_all_covered(&self) -> &Self {
        self.assert_all_covered_except::<&str>([])
    }

    /// Everything that the check declares was submitted, but for these names, which were not.
    ///
    /// # Panics
    /// Something else was not, or one of these was.
    #[track_caller]
    pub fn assert_all_covered_except<T: AsRef<str>>(
        &self,
        except: impl IntoIterator<Item = T>,
    ) -> &Self {
        let except: BTreeSet<String> =
            except.into_iter().map(|name| name.as_ref().to_owned()).collect();
        let missing: BTreeSet<String> = self.uncovered().into_iter().map(str::to_owned).collect();
        let unexpected: Vec<_> = missing.difference(&except).collect();
        assert!(unexpected.is_empty(), "declared but not submitted: {unexpected:?}");
        let covered: Vec<_> = except.difference(&missing).collect();
        assert!(covered.is_empty(), "submitted (or not declared), though excepted: {covered:?}");
        for SeenServiceCheck { name, descriptor, status, .. } in &self.service_checks {
            let Some(descriptor) = descriptor else { continue };
            let statuses = statuses(descriptor);
            assert!(
                statuses.contains(&&*status.name().to_ascii_lowercase()),
                "service check `{name}` was {status}, and its description names {statuses:?} only\n\
                 hint: say in its doc comment when it has that status",
            );
        }
        self
    }

    /// The names that the check declares and this run did not submit.
    pub fn uncovered(&self) -> Vec<&'static str> {
        let mut seen: BTreeSet<&str> = self.metrics.iter().map(|metric| &*metric.name).collect();
        seen.extend(self.buckets.iter().map(|bucket| &*bucket.name));
        seen.extend(self.service_checks.iter().map(|check| &*check.name));
        let mut missing = Vec::new();
        self.entry.declaration().visit(&mut |descriptor, _| {
            if !seen.contains(descriptor.name) && !missing.contains(&descriptor.name) {
                missing.push(descriptor.name);
            }
        });
        missing
    }

    const fn name(&self) -> &'static str {
        self.entry.meta.name
    }

    fn similar(&self, name: &str) -> String {
        let mut ranked: Vec<_> = self.metrics.iter().collect();
        ranked.sort_by_key(|metric| strsim::damerau_levenshtein(&metric.name, name));
        let mut text = match &self.report.outcome {
            RunOutcome::Ok => String::new(),
            outcome => format!("the run failed: {outcome}\n"),
        };
        text.push_str(if ranked.is_empty() {
            "nothing was submitted"
        } else {
            "similar submitted:"
        });
        for metric in ranked.into_iter().take(SIMILAR) {
            let _ = write!(text, "\n  {metric}");
        }
        text
    }

    fn list_service_checks(&self) -> String {
        if self.service_checks.is_empty() {
            return "no service check was submitted".to_owned();
        }
        let lines = self.service_checks.iter().map(|check| format!("\n  {check}"));
        format!("submitted:{}", lines.collect::<String>())
    }
}

/// Equal, or as near as a sum of a few floats in another order.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}
