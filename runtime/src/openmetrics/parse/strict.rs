//! Later.
use super::{Format, Problem, Reading, Visitor};
#[derive(Debug)]
pub(super) struct Rules;
impl Rules {
    pub(super) fn new(_f: Format) -> Self {
        Self
    }
}
impl Reading {
    pub(super) fn strictly(
        &mut self,
        _line: &str,
        _visitor: &mut impl Visitor,
    ) -> Result<(), Problem> {
        Ok(())
    }
    pub(super) fn finish_strictly(&mut self, _visitor: &mut impl Visitor) -> Result<(), Problem> {
        Ok(())
    }
}
