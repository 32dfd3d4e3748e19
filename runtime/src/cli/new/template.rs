//! The files of a new crate.

use super::exposition::{Exposition, Login};
use super::names::Names;

/// Paths and texts; the names in double braces are filled in.
const FILES: [(&str, &str); 4] = [
    ("Cargo.toml", include_str!("template/Cargo.toml.txt")),
    ("src/main.rs", include_str!("template/main.rs")),
    (".gitignore", include_str!("template/gitignore")),
    (".github/workflows/ci.yml", include_str!("template/ci.yml")),
];

/// Those of a check that shows how it is done.
const EXAMPLE: [(&str, &str); 4] = [
    ("src/{{check}}.rs", include_str!("template/check.rs")),
    ("src/{{check}}/tests.rs", include_str!("template/tests.rs")),
    ("conf.d/{{check}}.d/conf.yaml", include_str!("template/conf.yaml")),
    ("README.md", include_str!("template/README.md")),
];

/// Those of a check of an endpoint.
const ENDPOINT: [(&str, &str); 4] = [
    ("src/{{check}}.rs", include_str!("template/exposition/check.rs")),
    ("src/{{check}}/tests.rs", include_str!("template/exposition/tests.rs")),
    ("conf.d/{{check}}.d/conf.yaml", include_str!("template/exposition/conf.yaml")),
    ("README.md", include_str!("template/exposition/README.md")),
];

/// What the tests of the example need.
const TEMPORARY: &str = "tempfile = { version = \"3\", default-features = false }\n";
/// How many metrics a run submits unless the instance says otherwise.
const LIMIT: usize = 2000;

/// What keeps cargo from looking for the crate among the members of the workspace around it.
const WORKSPACE: &str =
    "\n# It stands in the directory of another workspace, of which it is no member.\n[workspace]\n";

/// The files of a crate, by their paths within it.
pub(super) fn files(
    names: &Names,
    dependency: &str,
    within_workspace: bool,
    exposition: Option<&Exposition>,
) -> Vec<(String, String)> {
    let Names { krate, check } = names;
    let workspace = if within_workspace { WORKSPACE } else { "" };
    let filled = |text: &str| {
        text.replace("\n{{workspace}}\n", &format!("\n{workspace}"))
            .replace("{{temporary}}\n", if exposition.is_some() { "" } else { TEMPORARY })
            .replace("{{dependency}}", dependency)
            .replace("{{rust}}", env!("CARGO_PKG_RUST_VERSION"))
            .replace("{{crate}}", krate)
            .replace("{{check}}", check)
    };
    let filled_pair = |(path, text): &(&str, &str)| (filled(path), filled(text));
    let mut files: Vec<_> = FILES.iter().map(filled_pair).collect();
    match exposition {
        None => files.extend(EXAMPLE.iter().map(filled_pair)),
        Some(exposition) => {
            let own = ENDPOINT.iter().map(filled_pair);
            files.extend(own.map(|(path, text)| (path, of_endpoint(&text, exposition))));
            let Exposition { records, payload, .. } = exposition;
            let directory = filled("src/{{check}}");
            files.push((format!("{directory}/exposition.rs"), records.clone()));
            files.push((format!("{directory}/tests/exposition.txt"), payload.clone()));
        }
    }
    files
}

/// What stands for the login that an address held.
const LOGIN: &str = "    username: \"<USERNAME>\"\n    # Or the handle of a secret that is kept elsewhere: `ENC[<HANDLE>]`.\n    password: \"<PASSWORD>\"\n";

/// The text with what is known of an endpoint filled in.
fn of_endpoint(text: &str, exposition: &Exposition) -> String {
    let Exposition { address, login, format, contexts, .. } = exposition;
    let login = match login {
        None => "",
        Some(Login::Name) => "    username: \"<USERNAME>\"\n",
        Some(Login::NameAndPassword) => LOGIN,
    };
    let limit = match *contexts > LIMIT {
        true => format!(
            "    # It exposed {contexts} samples, and a run submits {LIMIT} unless told otherwise.\n    max_returned_metrics: {}\n",
            contexts * 2
        ),
        false => String::new(),
    };
    // As YAML, JSON's way of quoting is right for any address.
    text.replace("{{address}}", &serde_json::Value::from(address.as_str()).to_string())
        .replace("{{login}}\n", login)
        .replace("{{limit}}\n", &limit)
        .replace("{{format}}", format)
}
