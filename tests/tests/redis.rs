//! The redis check against a real Redis.

use allwell::metric::Status;
use allwell::testing::{Run, instance, run};
use allwell_server_checks::redis::Redis as Check;
use allwell_tests::{Redis, free_port};

fn on(server: &Redis) -> String {
    format!("host: 127.0.0.1\nport: {}", server.port())
}

/// The tags of all metrics of a server, and some more.
fn tags(port: u16, more: &[&str]) -> Vec<String> {
    let mut tags = vec!["redis_host:127.0.0.1".to_owned(), format!("redis_port:{port}")];
    tags.extend(more.iter().map(ToString::to_string));
    tags
}

/// What a server says only in some situations: while it loads, copies, or writes an append-only file, or as a replica.
const SELDOM: [&str; 15] = [
    "redis.aof.buffer_length",
    "redis.aof.loading_eta_seconds",
    "redis.aof.loading_loaded_bytes",
    "redis.aof.loading_loaded_perc",
    "redis.aof.loading_total_bytes",
    "redis.aof.size",
    // Redis said these before version 5 only.
    "redis.clients.biggest_input_buf",
    "redis.clients.longest_output_list",
    "redis.replication.last_io_seconds_ago",
    "redis.replication.master_link_down_since_seconds",
    "redis.replication.master_link_status",
    "redis.replication.slave_repl_offset",
    "redis.replication.sync",
    "redis.replication.sync_left_bytes",
    "redis.slowlog.micros",
];

#[tokio::test]
async fn all_metrics_of_a_master() {
    let server = Redis::start(&["--maxmemory", "64mb", "--maxclients", "100"]);
    server.command("SET lasting 1");
    server.command("SET passing 1 EX 1000");
    server.command("SET passing_too 1 EX 1000");
    server.command("SET also_lasting 1");
    server.command("GET lasting");
    let run = run::<Check>(&on(&server)).await;
    let master = tags(server.port(), &["redis_role:master"]);
    run.assert_ok()
        .assert_metric("redis.net.clients", 1.0, &master)
        .assert_metric("redis.net.maxclients", 100.0, &master)
        .assert_metric("redis.net.slaves", 0.0, &master)
        .assert_metric("redis.net.rejected", 0.0, &master)
        .assert_metric("redis.mem.maxmemory", f64::from(64 << 20), &master)
        .assert_metric("redis.keys.evicted", 0.0, &master)
        .assert_metric("redis.stats.keyspace_hits", 1.0, &master)
        .assert_metric("redis.stats.keyspace_misses", 0.0, &master)
        .assert_metric("redis.rdb.changes_since_last", 4.0, &master)
        .assert_metric("redis.rdb.last_bgsave_time", -1.0, &master)
        .assert_service_check("redis.can_connect", Status::Ok)
        .assert_all_covered_except(SELDOM);
    let database = tags(server.port(), &["redis_role:master", "redis_db:db0"]);
    run.assert_metric("redis.keys", 4.0, &database)
        .assert_metric("redis.expires", 2.0, &database)
        .assert_metric("redis.expires.percent", 50.0, &database)
        .assert_metric("redis.persist", 2.0, &database)
        .assert_metric("redis.persist.percent", 50.0, &database);
    let [used, resident] = ["redis.mem.used", "redis.mem.rss"].map(|name| run.values(name)[0]);
    assert!(used > 400_000.0 && resident > used, "{used} of {resident} bytes");
}

#[tokio::test]
async fn the_version_is_metadata() {
    let server = Redis::start(&[]);
    let run = run::<Check>(&on(&server)).await;
    let version = server.command("INFO server");
    let version = version.lines().find_map(|line| line.strip_prefix("redis_version:"));
    assert_eq!(run.metadata.get("version.raw").map(String::as_str), version.map(str::trim));
    assert_eq!(run.metadata.get("version.scheme").map(String::as_str), Some("semver"));
}

#[tokio::test]
async fn each_database_has_its_tag() {
    let server = Redis::start(&[]);
    server.command("-n 3 SET a 1");
    server.command("-n 7 MSET a 1 b 2");
    let run = run::<Check>(&on(&server)).await;
    for (database, keys) in [("redis_db:db3", 1.0), ("redis_db:db7", 2.0)] {
        run.assert_metric(
            "redis.keys",
            keys,
            tags(server.port(), &["redis_role:master", database]),
        );
    }
    assert_eq!(run.values("redis.keys").len(), 2);
}

#[tokio::test]
async fn the_connection_is_kept_and_made_anew_when_it_breaks() {
    let server = Redis::start(&[]);
    let mut instance = instance::<Check>(&on(&server));
    let connections = || {
        let stats = server.command("INFO stats");
        let total = stats.lines().find_map(|line| line.strip_prefix("total_connections_received:"));
        total.and_then(|total| total.trim().parse::<u32>().ok()).expect("Redis counts connections")
    };
    instance.run().await.assert_ok();
    let after_first = connections();
    instance.run().await.assert_ok();
    // Asking for the count is a connection, too.
    assert_eq!(connections() - after_first, 1);
    server.command("CLIENT KILL TYPE normal SKIPME yes");
    let broken = instance.run().await;
    assert!(matches!(broken.status("redis.can_connect"), Some(Status::Critical(_))), "{broken}");
    instance.run().await.assert_ok().assert_service_check("redis.can_connect", Status::Ok);
}

#[tokio::test]
async fn a_server_that_is_down_is_critical() {
    let port = free_port();
    let run = run::<Check>(&format!("host: 127.0.0.1\nport: {port}")).await;
    let Some(Status::Critical(message)) = run.status("redis.can_connect") else {
        panic!("the service check is not critical: {run}");
    };
    assert!(
        message.contains(&format!("127.0.0.1:{port}")) && message.contains("refused"),
        "{message}"
    );
    assert!(run.metrics.is_empty(), "{run}");
}

#[tokio::test]
async fn a_wrong_password_is_critical_and_never_shown() {
    let server = Redis::start(&["--requirepass", "right-and-secret"]);
    let right = run::<Check>(&format!("{}\npassword: right-and-secret", on(&server))).await;
    right.assert_ok().assert_service_check("redis.can_connect", Status::Ok);
    for (instance, reason) in [
        (format!("{}\npassword: wrong-and-secret", on(&server)), "Password authentication failed"),
        (on(&server), "NOAUTH"),
    ] {
        let run = run::<Check>(&instance).await;
        let Some(Status::Critical(message)) = run.status("redis.can_connect") else {
            panic!("the service check is not critical: {run}");
        };
        assert!(message.contains(reason), "{message}");
        assert!(!run.to_string().contains("secret"), "{run}");
    }
}

#[tokio::test]
async fn a_user_with_few_rights_gets_all_but_the_slow_log() {
    let server = Redis::start(&[]);
    server.command("ACL SETUSER monitor on >secret +info");
    let instance = format!("{}\nusername: monitor\npassword: secret", on(&server));
    let run = run::<Check>(&instance).await;
    run.assert_ok().assert_submitted("redis.mem.used").assert_not_submitted("redis.slowlog.micros");
    let [warning] = run.report.warnings.as_slice() else {
        panic!("one warning is expected: {run}")
    };
    assert!(warning.starts_with("the slow log cannot be read: "), "{warning}");
}

#[tokio::test]
async fn slow_queries_are_reported_once() {
    let server = Redis::start(&["--slowlog-log-slower-than", "0"]);
    let mut instance = instance::<Check>(&on(&server));
    server.send(b"SET a \xff\r\n");
    instance.run().await.assert_ok();
    server.command("DEL a");
    let second = instance.run().await;
    let commands = |run: &Run| {
        let slow = run.metrics.iter().filter(|m| m.name == "redis.slowlog.micros");
        slow.flat_map(|metric| metric.tags.clone())
            .filter(|tag| tag.starts_with("command:"))
            .collect::<Vec<_>>()
    };
    assert!(commands(&second).contains(&"command:DEL".to_owned()), "{second}");
    assert!(!commands(&second).contains(&"command:SET".to_owned()), "{second}");
}

#[tokio::test]
async fn a_replica_says_how_it_follows_its_master() {
    // Otherwise it waits five seconds for other replicas.
    let mut master = Redis::start(&["--repl-diskless-sync-delay", "0"]);
    master.command("SET a 1");
    let replica = Redis::start(&["--replicaof", &format!("127.0.0.1 {}", master.port())]);
    wait_for(&replica, "master_link_status:up");
    let mut instance = instance::<Check>(&on(&replica));
    let slave = tags(replica.port(), &["redis_role:slave"]);
    let run = instance.run().await;
    run.assert_ok()
        .assert_metric("redis.replication.sync", 0.0, &slave)
        .assert_service_check("redis.replication.master_link_status", Status::Ok);
    let master_run = allwell::testing::run::<Check>(&on(&master)).await;
    let of_master = tags(master.port(), &["redis_role:master"]);
    master_run.assert_metric("redis.net.slaves", 1.0, &of_master);
    master.stop();
    wait_for(&replica, "master_link_status:down");
    let run = instance.run().await;
    let down = Status::critical("the link to the master is down");
    run.assert_ok().assert_service_check("redis.replication.master_link_status", down);
    run.assert_submitted("redis.replication.master_link_down_since_seconds");
}

fn wait_for(server: &Redis, line: &str) {
    for _ in 0..500 {
        if server.command("INFO replication").contains(line) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the server does not come to say `{line}`");
}
