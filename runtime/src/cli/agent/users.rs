//! The users that the Agent's loader trusts.

use std::fs;

/// The user of the Agent's own.
const AGENT: &str = if cfg!(target_os = "macos") { "_dd-agent" } else { "dd-agent" };

/// A user by its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: u32,
    /// Its own group first.
    pub(super) groups: Vec<u32>,
}

/// Who there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Users {
    /// The Agent's user; none where the Agent runs as root, as in a container.
    pub(super) agent: Option<User>,
    /// Who runs this.
    pub(super) own: u32,
}

impl Users {
    pub(super) fn of_this_machine() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let agent = agent(&read("/etc/passwd"), &read("/etc/group"));
        Self { agent, own: rustix::process::geteuid().as_raw() }
    }

    /// The loader trusts what belongs to this user: root, and the Agent's, or who runs it where there is no such user.
    pub(super) fn trusts(&self, user: u32) -> bool {
        user == 0 || user == self.agent.as_ref().map_or(self.own, |agent| agent.id)
    }

    /// Who is trusted, in words.
    pub(super) const fn trusted(&self) -> &'static str {
        if self.agent.is_some() { "root or dd-agent" } else { "root, or who runs the Agent" }
    }
}

fn agent(passwd: &str, group: &str) -> Option<User> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(AGENT))?;
    let number = |field: usize| line.split(':').nth(field)?.parse().ok();
    let (id, own) = (number(2)?, number(3)?);
    let others = group.lines().filter_map(|line| {
        let fields: Vec<_> = line.split(':').collect();
        let is_member = fields.get(3)?.split(',').any(|member| member.trim() == AGENT);
        is_member.then(|| fields[2].parse().ok()).flatten()
    });
    Some(User { id, groups: std::iter::once(own).chain(others).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agents_user_and_its_groups_are_found() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\ndd-agent-x:x:9:9::/:\ndd-agent:x:100:101::/opt:/bin/false\n";
        let group = "root:x:0:dd-agent\nother:x:5:a, b\ndocker:x:7:a,dd-agent\ndd-agent:x:101:\n";
        assert_eq!(agent(passwd, group), Some(User { id: 100, groups: vec![101, 0, 7] }));
        assert_eq!(agent("root:x:0:0::/:\n", group), None);
        assert_eq!(agent("dd-agent:x\n", ""), None);
    }

    #[test]
    fn root_the_agent_or_oneself_are_trusted() {
        let with = Users { agent: Some(User { id: 100, groups: vec![] }), own: 1000 };
        assert_eq!([0, 100, 1000].map(|user| with.trusts(user)), [true, true, false]);
        let without = Users { agent: None, own: 1000 };
        assert_eq!([0, 100, 1000].map(|user| without.trusts(user)), [true, false, true]);
    }
}
