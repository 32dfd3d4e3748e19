//! What happens when the command line is not understood.

use crate::run::allwell;

#[test]
fn an_unknown_check_suggests_the_nearest() {
    for arguments in
        [&["check", "shelv"][..], &["describe", "shelv"], &["export", "metadata", "shelv"]]
    {
        let ran = allwell(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert_eq!(ran.err, "error: there is no check `shelv`\nhint: did you mean `shelf`?\n");
        assert_eq!(ran.out, "");
    }
}

#[test]
fn a_name_like_no_other_hints_at_the_list() {
    let ran = allwell(&["describe", "kubernetes"]);
    assert_eq!(
        ran.err,
        "error: there is no check `kubernetes`\nhint: `list` shows the checks of this binary\n"
    );
}

#[test]
fn an_unknown_verb_is_a_usage_error() {
    let ran = allwell(&["chekc"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("error: unrecognized subcommand 'chekc'\n"), "{}", ran.err);
    assert!(ran.err.contains("tip: a similar subcommand exists: 'check'"), "{}", ran.err);
}

#[test]
fn help_is_data() {
    let ran = allwell(&["--help"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for verb in ["list", "describe", "check", "config", "export", "completions"] {
        assert!(ran.out.contains(&format!("\n  {verb} ")), "{}", ran.out);
    }
}

#[test]
fn zero_runs_are_refused() {
    let ran = allwell(&["check", "--times", "0"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("0 is not in 1.."), "{}", ran.err);
}

#[test]
fn completions_name_the_binary_and_its_verbs() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = allwell(&["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        assert!(ran.out.contains("allwell") && ran.out.contains("describe"), "{shell}");
    }
}
