//! The status for people, close to `agent status`.

use std::io;

use serde_json::Value;

use super::super::printable::printable;
use super::super::screen::{BAD, GOOD, HEADING, Screen, WARNING};
use super::time::{date, duration, grouped};

pub(super) fn print(status: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    process(status, screen)?;
    heading(screen, "", "Collector")?;
    let checks = status.pointer("/runnerStats/Checks").and_then(Value::as_object);
    if checks.is_none_or(serde_json::Map::is_empty) {
        writeln!(screen.out(), "  No checks have run yet")?;
    } else {
        heading(screen, "  ", "Running Checks")?;
    }
    for instances in checks.into_iter().flat_map(|checks| checks.values()) {
        check(instances, screen)?;
    }
    problems(status, screen)?;
    outputs(status, screen)
}

fn process(status: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    heading(screen, "", "Process")?;
    let up = number(&status["now"]).saturating_sub(number(&status["started"]));
    let lag = &status["lag"];
    let milliseconds = |name: &str| lag[name].as_f64().unwrap_or_default() / 1000.0;
    let lines = [
        ("Version", text(&status["version"]).to_owned()),
        ("Hostname", text(&status["hostname"]).to_owned()),
        ("PID", number(&status["pid"]).to_string()),
        ("Started", format!("{}, {} ago", date(number(&status["started"])), duration(up * 1000))),
        ("Instances", grouped(number(&status["instances"]))),
        (
            "Lag of Runs",
            format!(
                "p50: {:.1}ms, p99: {:.1}ms, longest: {:.1}ms",
                milliseconds("p50_us"),
                milliseconds("p99_us"),
                milliseconds("max_us")
            ),
        ),
        ("Configuration Read", times(&status["configuration"])),
        ("State", state(&status["state"])),
    ];
    for (name, value) in lines {
        writeln!(screen.out(), "  {name}: {}", printable(&value))?;
    }
    writeln!(screen.out())
}

fn times(configuration: &Value) -> String {
    let (count, last) = (number(&configuration["read"]), number(&configuration["last_read"]));
    let plural = if count == 1 { "once" } else { "times" };
    match count {
        1 => format!("{plural}, {}", date(last)),
        count => format!("{count} {plural}, last {}", date(last)),
    }
}

fn state(state: &Value) -> String {
    match (&state["kept"], &state["last_error"]) {
        (Value::Bool(true), Value::Null) => String::from("survives a restart"),
        (Value::Bool(true), error) => format!("cannot be written: {}", text(error)),
        _ => String::from("does not survive a restart"),
    }
}

fn check(instances: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    let instances = instances.as_object().into_iter().flat_map(|instances| instances.values());
    for (place, one) in instances.enumerate() {
        if place == 0 {
            let title = format!("{} ({})", text(&one["CheckName"]), text(&one["CheckVersion"]));
            writeln!(screen.out(), "    ")?;
            let (line, title) = ("-".repeat(title.len()), screen.paint(HEADING, &title));
            writeln!(screen.out(), "    {title}\n    {line}")?;
        }
        instance(one, screen)?;
    }
    Ok(())
}

fn instance(one: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    let warnings = one["LastWarnings"].as_array().map_or(&[][..], Vec::as_slice);
    let (style, state) = match (text(&one["LastError"]), text(&one["Allwell"]["Activity"])) {
        ("", activity) if activity != "stuck" && warnings.is_empty() => (GOOD, "OK"),
        ("", activity) if activity != "stuck" => (WARNING, "WARNING"),
        _ => (BAD, "ERROR"),
    };
    let id = printable(text(&one["CheckID"]));
    let state = screen.paint(style, format!("[{state}]"));
    writeln!(screen.out(), "      Instance ID: {id} {state}")?;
    for (name, value) in agent_lines(one).into_iter().chain(own_lines(&one["Allwell"])) {
        writeln!(screen.out(), "      {name}: {}", printable(&value))?;
    }
    metadata(&one["Allwell"]["Metadata"], screen)?;
    labelled(screen, BAD, "Error", text(&one["LastError"]))?;
    for warning in warnings {
        labelled(screen, WARNING, "Warning", text(warning))?;
    }
    past(&one["Allwell"], screen)?;
    writeln!(screen.out(), "      ")
}

/// When a run last failed or warned and of what, in a line each, also after runs that did neither.
fn past(own: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    for (name, title) in [("LastFailure", "Last Failure"), ("LastWarning", "Last Warning")] {
        let told = &own[name];
        if !told.is_null() {
            let (date, text) = (date(number(&told["Date"])), printable(text(&told["Text"])));
            let first = text.lines().next().unwrap_or_default();
            writeln!(screen.out(), "      {title}: {date}: {first}")?;
        }
    }
    Ok(())
}

/// The lines that the Agent has, as it has them.
fn agent_lines(one: &Value) -> Vec<(&'static str, String)> {
    let counts = |last: &str, total: &str| {
        let (last, total) = (number(&one[last]), number(&one[total]));
        format!("Last Run: {}, Total: {}", grouped(last), grouped(total))
    };
    let success = match number(&one["LastSuccessDate"]) {
        0 => String::from("Never"),
        time => date(time),
    };
    let runs = number(&one["TotalRuns"]);
    let mut lines = vec![
        ("Configuration Source", text(&one["CheckConfigSource"]).to_owned()),
        ("Total Runs", grouped(runs)),
        ("Metric Samples", counts("MetricSamples", "TotalMetricSamples")),
        ("Events", counts("Events", "TotalEvents")),
        ("Service Checks", counts("ServiceChecks", "TotalServiceChecks")),
        ("Average Execution Time ", duration(number(&one["AverageExecutionTime"]))),
    ];
    if runs > 0 {
        lines.push(("Last Execution Date ", date(number(&one["UpdateTimestamp"]))));
    }
    lines.push(("Last Successful Execution Date ", success));
    lines
}

/// What the Agent does not know, where there is anything to say.
fn own_lines(own: &Value) -> Vec<(&'static str, String)> {
    let seconds = duration(number(&own["ActivitySeconds"]) * 1000);
    let activity = match text(&own["Activity"]) {
        "waiting" => format!("waiting, next run {}", date(number(&own["NextRun"]))),
        "queued" => String::from("due, and waiting for others to end"),
        "running" => format!("running for {seconds}"),
        "stuck" => format!("a thread is busy with a run that was given up {seconds} ago"),
        "done" => String::from("done, it was to run once"),
        other => other.to_owned(),
    };
    let lag = |name: &str| duration(number(&own[name]));
    let mut lines = vec![
        ("Activity", activity),
        (
            "Lag",
            format!(
                "Last: {}, Longest: {}",
                lag("LastLagMilliseconds"),
                lag("LongestLagMilliseconds")
            ),
        ),
        ("Contexts", grouped(number(&own["Contexts"]))),
    ];
    let failures =
        [("Timeouts", "timed out"), ("Panics", "panicked"), ("FailuresInARow", "failed in a row")];
    lines.extend(listed(own, &failures).map(|text| ("Failures", text)));
    let skips = [
        ("StillRunning", "while still running"),
        ("Stuck", "while a thread was stuck"),
        ("BackedOff", "to pause after failures"),
        ("Late", "too late"),
    ];
    lines.extend(listed(&own["Skips"], &skips).map(|text| ("Skipped Runs", text)));
    lines.extend(listed(own, &[("Dropped", "samples and points")]).map(|text| ("Dropped", text)));
    lines
}

/// The counts that are not zero.
fn listed(counts: &Value, names: &[(&str, &str)]) -> Option<String> {
    let counts = names.iter().map(|(name, what)| (number(&counts[*name]), what));
    let some: Vec<_> = counts
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(count)))
        .collect();
    (!some.is_empty()).then(|| some.join(", "))
}

fn metadata(metadata: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    let Some(facts) = metadata.as_object().filter(|facts| !facts.is_empty()) else {
        return Ok(());
    };
    writeln!(screen.out(), "      metadata:")?;
    for (name, value) in facts {
        writeln!(screen.out(), "        {}: {}", printable(name), printable(text(value)))?;
    }
    Ok(())
}

fn labelled(
    screen: &mut Screen<'_>,
    style: anstyle::Style,
    label: &str,
    message: &str,
) -> io::Result<()> {
    if message.is_empty() {
        return Ok(());
    }
    let label = screen.paint(style, format!("{label}:"));
    writeln!(screen.out(), "      {label} {}", printable(message).replace('\n', "\n        "))
}

fn problems(status: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    let problems = text(&status["configuration"]["problems"]);
    if problems.is_empty() {
        return Ok(());
    }
    heading(screen, "  ", "Config Errors")?;
    for line in problems.lines() {
        writeln!(screen.out(), "    {line}")?;
    }
    writeln!(screen.out())
}

fn outputs(status: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    heading(screen, "", "Outputs")?;
    for output in status["outputs"].as_array().into_iter().flatten() {
        let (style, state) = match text(&output["state"]) {
            "working" => (GOOD, "OK"),
            "retrying" => (WARNING, "RETRYING"),
            _ => (BAD, "CLOSED"),
        };
        let name = screen.paint(HEADING, text(&output["name"]));
        let state = screen.paint(style, format!("[{state}]"));
        writeln!(screen.out(), "  {name} {state}")?;
        for (name, title) in [
            ("delivered", "Delivered"),
            ("queued", "Queued"),
            ("stored", "Queued On Disk"),
            ("restored", "Found On Disk"),
            ("dropped", "Dropped"),
            ("killed", "Of That, Lost With A Process"),
            ("again", "Perhaps Sent Twice"),
            ("refused", "Refused"),
        ] {
            let what = [
                ("series", "points"),
                ("sketches", "sketches"),
                ("service_checks", "service checks"),
                ("events", "events"),
                ("logs", "logs"),
            ];
            let amount = listed(&output[name], &what);
            if let Some(amount) = amount {
                writeln!(screen.out(), "    {title}: {amount}")?;
            }
        }
        labelled(screen, BAD, "Last Error", text(&output["last_error"]))?;
    }
    Ok(())
}

fn heading(screen: &mut Screen<'_>, indent: &str, title: &str) -> io::Result<()> {
    let line = "=".repeat(title.len());
    if indent.is_empty() {
        writeln!(screen.out(), "{line}")?;
    }
    let title = screen.paint(HEADING, title);
    writeln!(screen.out(), "{indent}{title}\n{indent}{line}")?;
    if indent.is_empty() { writeln!(screen.out()) } else { Ok(()) }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}
