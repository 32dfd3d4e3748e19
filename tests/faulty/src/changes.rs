//! Runs that submit other things than the last one.

use allwell::prelude::*;

/// Submits two rows, one of which the last run had as well; of every third run nothing.
#[check]
impl Check for Changes {
    type Config = ();
    type Metrics = Vec<Row>;

    async fn start((): (), _cx: &Context) -> Result<Self> {
        Ok(Self { runs: 0 })
    }

    async fn run(&mut self, _cx: &Context) -> Result<Vec<Row>> {
        self.runs += 1;
        let rows = if self.runs.is_multiple_of(3) { 0 } else { 2 };
        Ok((self.runs..self.runs + rows).map(|row| Row { row, number: row.into() }).collect())
    }
}

/// What it has counted.
pub struct Changes {
    runs: u32,
}

/// A row.
#[derive(Metrics)]
#[metrics(namespace = "changes")]
pub struct Row {
    #[tag]
    row: u32,
    /// Its number.
    number: Gauge<Unitless>,
}
