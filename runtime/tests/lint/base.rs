//! Assets without a mistake, to make mistakes in.

use allwell::export::METADATA_HEADER;
use allwell::export::csv::push_row;
use serde_json::{Value, json};

use crate::folder::Folder;

/// What the names of the metrics begin with.
pub(crate) const PREFIX: &str = "acme.";

/// What Datadog shows, and what stands in `metadata.csv`.
pub(crate) const DISPLAY_NAME: &str = "Acme Queue";
pub(crate) const INTEGRATION: &str = "acme_queue";

/// A table of metrics.
#[derive(Clone)]
pub(crate) struct Metrics {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let rows = [
            [
                "acme.queue.depth",
                "gauge",
                "",
                "message",
                "",
                "Messages that wait.",
                "-1",
                INTEGRATION,
                "depth",
                "",
                "queue",
            ],
            [
                "acme.queue.sent",
                "count",
                "",
                "message",
                "",
                "Messages sent, all of them.",
                "1",
                INTEGRATION,
                "sent",
                "",
                "queue,host",
            ],
            [
                "acme.busy",
                "gauge",
                "15",
                "fraction",
                "",
                "Share of time that it works.",
                "0",
                INTEGRATION,
                "busy",
                "cpu",
                "",
            ],
            [
                "acme.read",
                "rate",
                "",
                "byte",
                "second",
                "Bytes read, \"raw\".",
                "0",
                INTEGRATION,
                "read",
                "cpu|memory",
                "",
            ],
            ["system.acme.up", "gauge", "", "", "", "", "0", INTEGRATION, "", "", ""],
        ];
        let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        Self { header: texts(&METADATA_HEADER), rows: rows.iter().map(|row| texts(row)).collect() }
    }

    /// The same with another cell.
    pub(crate) fn with(mut self, row: usize, column: &str, cell: &str) -> Self {
        let column = self.header.iter().position(|name| name == column).expect("a column");
        cell.clone_into(&mut self.rows[row][column]);
        self
    }

    pub(crate) fn csv(&self) -> String {
        let mut out = String::new();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            push_row(&mut out, row.iter().map(String::as_str));
        }
        out
    }

    pub(crate) fn folder(&self) -> Folder {
        folder_with_metrics(self.csv())
    }
}

/// A folder with this `metadata.csv`.
pub(crate) fn folder_with_metrics(csv: impl Into<Vec<u8>>) -> Folder {
    Folder { metadata: Some(csv.into()), ..Folder::new(PREFIX, DISPLAY_NAME) }
}

/// A list of service checks.
pub(crate) fn service_checks() -> Value {
    json!([
        {
            "agent_version": "6.0.0",
            "integration": DISPLAY_NAME,
            "check": "acme.can_connect",
            "statuses": ["ok", "critical"],
            "groups": ["host", "port"],
            "name": "Can Connect",
            "description": "CRITICAL if it cannot be reached."
        },
        {
            "agent_version": "7.21.0",
            "integration": DISPLAY_NAME,
            "check": "acme.queue.state",
            "statuses": ["ok", "warning", "unknown"],
            "groups": [],
            "name": "Queue State",
            "description": "WARNING if a queue is long."
        }
    ])
}

/// A folder with this `service_checks.json`, and no metrics.
pub(crate) fn folder_with_checks(json: impl Into<Vec<u8>>) -> Folder {
    let header = METADATA_HEADER.join(",");
    Folder { service_checks: Some(json.into()), ..folder_with_metrics(header) }
}
