//! Options that serde reads: as lenient as other options where it asks for a type, with errors at their place.

use crate::support::{Plain, Shape, typed};

fn shape(yaml: &str) -> Result<Option<Shape>, String> {
    let (config, problems) = typed::<Plain>(&format!("shape: {yaml}\n"));
    match problems.list().first() {
        None => Ok(config.and_then(|config| config.shape)),
        Some(problem) => {
            let span = problem.span.expect("a place");
            Err(format!("{}:{}: {}: {}", span.line, span.column, problem.path, problem.message))
        }
    }
}

#[test]
fn scalars_are_read_as_the_type_asks() {
    assert_eq!(shape("point"), Ok(Some(Shape::Point)));
    assert_eq!(shape("{circle: \"1.5\"}"), Ok(Some(Shape::Circle(1.5))));
    assert_eq!(shape("{line: [0x10, \"0o17\"]}"), Ok(Some(Shape::Line(16, 15))));
    let filled = |label: &str, text: Option<&str>| {
        let shape =
            shape(&format!("{{box: {{filled: on, label: {label}, ports: [\"80\", 0755]}}}}"));
        let label = text.map(str::to_owned);
        assert_eq!(shape, Ok(Some(Shape::Box { filled: true, label, ports: vec![80, 493] })));
    };
    filled("yes", Some("yes"));
    filled("1.10", Some("1.10"));
    filled("~", None);
    filled("\"~\"", Some("~"));
}

#[test]
fn errors_are_at_the_value_they_are_about() {
    let cases = [
        (
            "triangle",
            "1:8: shape: `shape`: unknown variant `triangle`, expected one of `point`, `circle`, `line`, `box`",
        ),
        ("{circle: x}", "1:17: shape: `shape`: invalid type: string \"x\", expected f64"),
        ("{line: [1, 256]}", "1:19: shape[1]: `shape`: invalid value: integer `256`, expected u8"),
        (
            "{box: {filled: true, lable: x, ports: []}}",
            "1:29: shape: `shape`: unknown field `lable`, expected one of `filled`, `label`, `ports`",
        ),
        ("{box: {filled: true}}", "1:14: shape: `shape`: missing field `ports`"),
        ("{a: 1, b: 2}", "1:8: shape: `shape`: invalid type: map, expected a mapping with one key"),
        (
            "[point]",
            "1:8: shape: `shape`: invalid type: sequence, expected text or a mapping with one key",
        ),
    ];
    for (yaml, expected) in cases {
        assert_eq!(shape(yaml), Err(expected.to_owned()), "{yaml}");
    }
}

#[test]
fn other_options_of_the_section_are_read_all_the_same() {
    let (config, problems) = typed::<Plain>("host: a\npin: 1\n");
    assert_eq!(problems.list(), []);
    assert_eq!(config.expect("read").shown(), "a Some(********) None");
}
