//! Exports that are printed.

use crate::export::{
    metadata, metadata_csv, metadata_json, service_checks as rows_of, service_checks_json,
};

use super::super::exit::Exit;
use super::{Exported, Failure, Format, Outcome, Screen};

/// One table of the metrics of all checks.
pub(super) fn metadata_table(
    exported: &[Exported],
    format: Format,
    screen: &mut Screen<'_>,
) -> Outcome {
    let mut rows = Vec::new();
    for Exported { entry, .. } in exported {
        rows.extend(metadata(entry).map_err(|error| Failure::internal(&error))?);
    }
    rows.sort_by(|a, b| a.metric_name.cmp(&b.metric_name));
    match format {
        Format::Text => write!(screen.out(), "{}", metadata_csv(&rows))?,
        Format::Json => writeln!(screen.out(), "{:#}", metadata_json(&rows))?,
    }
    Ok(Exit::DONE)
}

/// One list of the service checks of all checks.
pub(super) fn service_check_list(exported: &[Exported], screen: &mut Screen<'_>) -> Outcome {
    let rows: Vec<_> = exported.iter().map(|one| (one.entry, rows_of(one.entry))).collect();
    writeln!(screen.out(), "{:#}", service_checks_json(&rows))?;
    Ok(Exit::DONE)
}

/// The file of one check; the first where there are several.
pub(super) fn one(exported: &[Exported], screen: &mut Screen<'_>) -> Outcome {
    let [Exported { assets, .. }] = exported else {
        return Err(Failure::usage(
            "the files of several checks cannot be printed as one",
            "name one check, or a directory to write to with `--out`",
        ));
    };
    for asset in assets.iter().take(1) {
        let contents = asset.contents(None).map_err(|error| Failure::internal(&error.message))?;
        write!(screen.out(), "{}", contents.text)?;
    }
    Ok(Exit::DONE)
}
