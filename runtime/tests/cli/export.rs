//! `export`: folders of integrations, what of them is kept, and `--check`.

use serde_json::{Value, json};

use crate::run::{Directory, Ran, allwell};

const FILES: [&str; 14] = [
    "CHANGELOG.md",
    "README.md",
    "assets/configuration/conf.schema.json",
    "assets/configuration/spec.yaml",
    "assets/dashboards/guest_overview.json",
    "assets/service_checks.json",
    "datadog_checks/guest/__about__.py",
    "datadog_checks/guest/__init__.py",
    "datadog_checks/guest/data/conf.yaml.example",
    "hatch.toml",
    "manifest.json",
    "metadata.csv",
    "pyproject.toml",
    "tests/test_assets.py",
];

/// A directory with the folders of all checks.
fn exported() -> Directory {
    let directory = Directory::new();
    let ran = allwell(&["export", "all", "--out", directory.path()]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    directory
}

fn check(directory: &Directory) -> Ran {
    allwell(&["export", "all", "--check", "--out", directory.path()])
}

fn changed(directory: Directory, file: &str, from: &str, to: &str) -> Directory {
    let text = directory.read(file);
    assert!(text.contains(from), "{file} has no {from}:\n{text}");
    directory.and(file, &text.replace(from, to))
}

/// Without the differences' heads, whose paths are those of the machine.
fn changes(ran: &Ran) -> Vec<&str> {
    let lines = ran.out.lines();
    lines
        .filter(|line| {
            line.starts_with(['+', '-']) && !line.starts_with("--- ") && !line.starts_with("+++ ")
        })
        .collect()
}

#[test]
fn all_files_of_a_folder_are_written() {
    let directory = exported();
    for file in FILES {
        assert!(!directory.read(&format!("guest/{file}")).is_empty(), "{file}");
    }
    assert_eq!(check(&directory).code, 0);
}

#[test]
fn an_integration_is_all_but_the_schema() {
    let directory = Directory::new();
    let ran = allwell(&["export", "integration", "guest", "--out", directory.path()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!directory.read("guest/assets/configuration/spec.yaml").is_empty());
    let folder = std::path::Path::new(directory.path());
    assert!(!folder.join("guest/assets/configuration/conf.schema.json").exists());
    assert!(!folder.join("shelf").exists(), "only the check that was named");
}

#[test]
fn exporting_twice_changes_nothing() {
    let directory = exported();
    let before: Vec<_> = FILES.map(|file| directory.read(&format!("guest/{file}"))).into();
    assert_eq!(allwell(&["export", "all", "--out", directory.path()]).code, 0);
    let after: Vec<_> = FILES.map(|file| directory.read(&format!("guest/{file}"))).into();
    assert_eq!(before, after);
}

#[test]
fn service_checks_have_statuses_and_groups() {
    let list = allwell(&["export", "service-checks"]).json();
    assert_eq!(
        list,
        json!([
            {
                "agent_version": "7.50.0",
                "integration": "Guest",
                "check": "guest.can_connect",
                "statuses": ["ok", "critical"],
                "groups": ["host", "room"],
                "name": "Can Connect",
                "description": "Returns `OK` if a run succeeds, `CRITICAL` with the error otherwise.",
            },
            {
                "agent_version": "7.50.0",
                "integration": "Shelf",
                "check": "shelf.firm",
                "statuses": ["ok", "warning", "critical", "unknown"],
                "groups": ["host", "name"],
                "name": "Firm",
                "description": "OK unless the board is bent.",
            },
        ])
    );
}

#[test]
fn a_new_manifest_says_what_the_code_knows() {
    let directory = exported();
    let manifest: Value =
        serde_json::from_str(&directory.read("shelf/manifest.json")).expect("it is JSON");
    assert_eq!(manifest["tile"]["description"], "Room on a shelf");
    assert_eq!(manifest["tile"]["title"], "Shelf");
    assert_eq!(
        manifest["assets"]["integration"]["metrics"],
        json!({ "prefix": "shelf.", "check": "shelf.room", "metadata_path": "metadata.csv" })
    );
    assert_eq!(
        manifest["assets"]["dashboards"],
        json!({ "Shelf Overview": "assets/dashboards/shelf_overview.json" })
    );
    let uuid = manifest["app_uuid"].as_str().expect("a text");
    assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"), "{uuid}");
}

#[test]
fn a_stale_file_is_shown_under_the_name_of_what_changed() {
    let directory = changed(exported(), "shelf/metadata.csv", "Room that is left.", "Room.");
    let directory = changed(
        directory,
        "guest/datadog_checks/guest/data/conf.yaml.example",
        "# room: 12",
        "# room: 13",
    );
    let ran = check(&directory);
    assert_eq!(ran.code, 4);
    assert_eq!(
        changes(&ran),
        [
            "-    # room: 13",
            "+    # room: 12",
            "-shelf.room,gauge,,byte,,Room.,1,shelf,room,,name",
            "+shelf.room,gauge,,byte,,Room that is left.,1,shelf,room,,name",
        ]
    );
    assert!(
        ran.out.contains("@@ ## @param room - integer - optional - default: 12\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.err.ends_with(
            "error: 2 of 46 files are out of date\n\
         hint: the same command without `--check` writes them\n"
        ),
        "{}",
        ran.err
    );
    assert!(directory.read("shelf/metadata.csv").contains(",Room.,"), "`--check` writes nothing");
    assert_eq!(allwell(&["export", "all", "--out", directory.path()]).code, 0);
    assert_eq!(check(&directory).code, 0);
}

#[test]
fn a_missing_file_is_out_of_date() {
    let directory = exported();
    let file = std::path::Path::new(directory.path()).join("guest/CHANGELOG.md");
    std::fs::remove_file(file).expect("it was there");
    let ran = check(&directory);
    assert_eq!(ran.code, 4);
    assert!(ran.out.starts_with("--- /dev/null\n"), "{}", ran.out);
}

#[test]
fn what_the_author_wrote_is_kept() {
    let directory = exported();
    let directory =
        changed(directory, "shelf/README.md", "## Support", "## Mine\n\nMy prose.\n\n## Support");
    let directory = changed(
        directory,
        "shelf/manifest.json",
        "\"owner\": \"\"",
        "\"owner\": \"me\",\n  \"mine\": 1",
    );
    let directory = changed(
        directory,
        "shelf/assets/dashboards/shelf_overview.json",
        "Shelf Overview",
        "My shelf",
    );
    let directory = changed(directory, "shelf/CHANGELOG.md", "Initial release", "The first one");
    let directory =
        changed(directory, "shelf/pyproject.toml", "support@example.com", "me@example.org");
    let mine = [
        "README.md",
        "manifest.json",
        "assets/dashboards/shelf_overview.json",
        "CHANGELOG.md",
        "pyproject.toml",
    ];
    let before = mine.map(|file| directory.read(&format!("shelf/{file}")));
    let ran = check(&directory);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    // A change of the code's part goes in beside them.
    let directory = changed(directory, "shelf/README.md", "Room that is left.", "Room.");
    let directory = changed(directory, "shelf/manifest.json", "\"shelf.\"", "\"other.\"");
    assert_eq!(check(&directory).code, 4);
    assert_eq!(allwell(&["export", "all", "--out", directory.path()]).code, 0);
    assert_eq!(mine.map(|file| directory.read(&format!("shelf/{file}"))), before);
}

#[test]
fn a_dashboard_changed_by_hand_says_what_it_does_not_show() {
    let directory = changed(
        exported(),
        "shelf/assets/dashboards/shelf_overview.json",
        "shelf.room{",
        "shelf.rooms{",
    );
    let directory = changed(
        directory,
        "shelf/assets/dashboards/shelf_overview.json",
        "shelf.bent{",
        "shelf.bend{",
    );
    let ran = check(&directory);
    assert_eq!(ran.code, 0);
    assert!(
        ran.err.contains("shelf_overview.json`: it was changed by hand and stays as it is; it does not show `shelf.room`, `shelf.bent`\n"),
        "{}",
        ran.err
    );
}

#[test]
fn a_dashboard_has_a_graph_a_family_with_its_unit() {
    let dashboard = allwell(&["export", "dashboard", "shelf"]).json();
    let graphs = dashboard["widgets"][1]["definition"]["widgets"].as_array().expect("graphs");
    let shown = |graph: &Value| {
        let request = &graph["definition"]["requests"][0];
        let queries = request["queries"].as_array().expect("queries").iter();
        json!({
            "title": graph["definition"]["title"],
            "queries": queries.map(|query| query["query"].clone()).collect::<Vec<_>>(),
            "unit": request["formulas"][0]["number_format"]["unit"]["unit_name"],
        })
    };
    assert_eq!(
        graphs.iter().map(shown).collect::<Value>(),
        json!([
            { "title": "Room", "queries": ["avg:shelf.room{$host} by {name}"], "unit": "byte" },
            { "title": "Bent", "queries": ["avg:shelf.bent{$host} by {name}"], "unit": "fraction" },
            { "title": "Read", "queries": ["sum:shelf.read{$host} by {name}.as_count()"], "unit": "object" },
            {
                "title": "Bending",
                "queries": [
                    "avg:shelf.bending.avg{$host} by {name}",
                    "avg:shelf.bending.max{$host} by {name}",
                    "avg:shelf.bending.95percentile{$host} by {name}",
                ],
                "unit": "second",
            },
            { "title": "Weight", "queries": ["avg:shelf.weight{$host} by {name}"], "unit": null },
        ])
    );
    let overview = &dashboard["widgets"][0]["definition"]["widgets"];
    assert_eq!(overview[1]["definition"]["check"], "shelf.firm");
}

#[test]
fn a_file_that_is_broken_stops_the_export_before_anything_is_written() {
    let directory = exported()
        .and("shelf/manifest.json", "{\n  \"app_id\": oops\n}\n")
        .and("guest/manifest.json", "[]")
        .and("sloth/README.md", "# Mine\n\n<!-- allwell:metrics -->\n");
    let directory = changed(directory, "shelf/metadata.csv", "Room that is left.", "Room.");
    let ran = allwell(&["export", "all", "--out", directory.path()]);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""));
    let path = directory.path();
    assert_eq!(
        ran.err,
        format!(
            "error: `{path}/guest/manifest.json`: the manifest is not a JSON object\n\
             hint: mend it, or take the file away and export a new one\n\
             error: `{path}/shelf/manifest.json:2:13`: the manifest is not JSON: expected value at line 2 column 13\n\
             hint: mend it, or take the file away and export a new one\n\
             error: `{path}/sloth/README.md:3:1`: the generated part `metrics` has no end\n\
             hint: write `<!-- /allwell:metrics -->` on a line of its own where the author's text goes on\n"
        )
    );
    assert!(directory.read("shelf/metadata.csv").contains(",Room.,"));
}

#[test]
fn a_readme_without_markers_is_the_authors() {
    let directory = exported().and("guest/README.md", "# Mine\n");
    let ran = check(&directory);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(
        ran.err.contains("guest/README.md`: it has no place for `<!-- allwell:overview -->`, "),
        "{}",
        ran.err
    );
}

#[test]
fn one_file_is_printed_and_several_are_not() {
    for asset in ["spec", "config", "schema", "readme", "dashboard"] {
        let ran = allwell(&["export", asset, "guest"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{asset}");
        assert!(ran.out.contains("room") || asset == "dashboard", "{asset}: {}", ran.out);
        let ran = allwell(&["export", asset]);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (
                2,
                "",
                "error: the files of several checks cannot be printed as one\n\
                 hint: name one check, or a directory to write to with `--out`\n"
            ),
            "{asset}"
        );
    }
}

#[test]
fn a_change_of_a_schema_is_shown_under_its_option() {
    let directory = changed(
        exported(),
        "guest/assets/configuration/conf.schema.json",
        "\"default\": 12",
        "\"default\": 13",
    );
    let ran = check(&directory);
    assert_eq!(changes(&ran), ["-            \"default\": 13", "+            \"default\": 12"]);
    assert!(ran.out.contains("@@ \"room\"\n"), "{}", ran.out);
}

#[test]
fn what_the_runtime_reports_of_itself_has_valid_metadata() {
    let directory = Directory::new();
    let path = directory.path();
    let written = allwell(&["export", "metadata", "allwell", "--out", path]);
    assert_eq!(written.code, 0, "{}", written.err);
    let table = directory.read("allwell/metadata.csv");
    for row in [
        "allwell.check.duration.max,gauge,,second,,",
        "allwell.check.runs,count,,execution,,Runs that have ended.,0,allwell,",
        "allwell.process.cpu,gauge,,fraction,,",
    ] {
        assert!(table.lines().any(|line| line.starts_with(row)), "{row}\n{table}");
    }
    let file = format!("{path}/allwell/metadata.csv");
    let prefix = ["--prefix", "allwell.", "--integration", "Allwell"];
    let linted = allwell(&[&["export", "lint", &file][..], &prefix].concat());
    assert_eq!(linted.code, 0, "{}{}", linted.out, linted.err);
}

#[test]
fn what_the_runtime_reports_of_itself_is_no_check() {
    let all = allwell(&["export", "metadata"]);
    assert!(all.out.contains("shelf.room") && !all.out.contains("allwell."), "{}", all.out);
    let ran = allwell(&["export", "spec", "allwell"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no check `allwell`"), "{}", ran.err);
}
