//! Owners and modes as the Agent's loader wants them. It looks at them before it opens a file, and follows symbolic links.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::finding::Finding;
use super::users::{User, Users};

/// What the loader thinks of a file and of its directory.
pub(super) fn findings(file: &Path, users: &Users) -> io::Result<Vec<Finding>> {
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let (of_directory, of_file) = (fs::metadata(directory)?, fs::metadata(file)?);
    let mode = Mode::of(&of_file);
    Ok(vec![
        owner("directory", of_directory.uid(), users),
        owner("owner", mode.user, users),
        mode.rights(),
        mode.execution(users),
    ])
}

fn owner(what: &'static str, user: u32, users: &Users) -> Finding {
    if users.trusts(user) {
        return Finding::fine(what, format!("belongs to user {user}, who is trusted"));
    }
    Finding::error(
        what,
        format!("belongs to user {user}, and must belong to {}", users.trusted()),
        "`agent install`, run as root, gives it to the right one",
    )
}

struct Mode {
    bits: u32,
    user: u32,
    group: u32,
}

impl Mode {
    fn of(metadata: &Metadata) -> Self {
        Self {
            bits: metadata.permissions().mode() & 0o777,
            user: metadata.uid(),
            group: metadata.gid(),
        }
    }

    fn rights(&self) -> Finding {
        let Self { bits, .. } = *self;
        if bits & 0o027 != 0 {
            let who = if bits & 0o007 != 0 { "others have rights" } else { "its group may write" };
            return Finding::error(
                "mode",
                format!("{bits:04o}: {who}"),
                "`chmod 0500` is what every version takes",
            );
        }
        if bits & 0o050 != 0 {
            return Finding::warning(
                "mode",
                format!("{bits:04o}: version 7.83.0 refuses what the group may read or execute"),
                "`chmod 0500` is what every version takes",
            );
        }
        Finding::fine("mode", format!("{bits:04o}"))
    }

    /// Whether the Agent itself may execute it: the loader asks that, too.
    fn execution(&self, users: &Users) -> Finding {
        let may = match &users.agent {
            Some(agent) => self.lets_execute(agent),
            None => self.bits & 0o111 != 0,
        };
        if may {
            return Finding::fine("execution", "the Agent may execute it");
        }
        let who =
            if users.agent.is_some() { "an Agent that runs as dd-agent" } else { "the Agent" };
        Finding::error(
            "execution",
            format!("{who} may not execute it"),
            "give it to the user of the Agent, with the mode 0500",
        )
    }

    fn lets_execute(&self, user: &User) -> bool {
        let bit = match () {
            () if self.user == user.id => 0o100,
            () if user.groups.contains(&self.group) => 0o010,
            () => 0o001,
        };
        self.bits & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Severity::{Error, Fine, Warning};
    use super::*;

    #[test]
    fn modes_are_judged_as_the_loader_does() {
        let users = Users { agent: Some(User { id: 100, groups: vec![101, 0] }), own: 0 };
        let judged = |bits, user, group| {
            let mode = Mode { bits, user, group };
            (mode.rights().severity, mode.execution(&users).severity)
        };
        assert_eq!(judged(0o500, 100, 101), (Fine, Fine));
        assert_eq!(judged(0o700, 100, 101), (Fine, Fine));
        assert_eq!(judged(0o550, 0, 0), (Warning, Fine));
        assert_eq!(judged(0o750, 0, 101), (Warning, Fine));
        assert_eq!(judged(0o550, 0, 5), (Warning, Error));
        assert_eq!(judged(0o500, 0, 0), (Fine, Error));
        assert_eq!(judged(0o570, 100, 101), (Error, Fine));
        assert_eq!(judged(0o755, 0, 0), (Error, Fine));
        assert_eq!(judged(0o644, 100, 101), (Error, Error));
        assert_eq!(judged(0o400, 100, 101), (Fine, Error));
    }
}
