//! The checks of the host, against what the kernel of this machine says.
#![expect(
    clippy::float_cmp,
    reason = "what is computed in the same way is the same to the last bit"
)]

use std::time::Duration;

use allwell::testing::{Run, instance, run};
use allwell_examples::cpu::Cpu;
use allwell_examples::load::load;
use allwell_examples::memory::memory;
use allwell_examples::network::network;
use allwell_examples::uptime::uptime;
use allwell_tests::kernel::{self, proc, tagged, value};

/// The sum of some metrics without tags.
fn sum(run: &Run, names: &[&str]) -> f64 {
    names.iter().map(|name| value(run, name)).sum()
}

#[tokio::test]
async fn uptime_is_that_of_the_kernel() {
    let seconds = || proc("uptime").split(' ').next().and_then(|s| s.parse::<f64>().ok()).unwrap();
    let before = seconds();
    let run = run::<uptime>("{}").await;
    run.assert_ok().assert_all_covered();
    let uptime = value(&run, "system.uptime");
    assert!((before..=seconds()).contains(&uptime), "{uptime} is not from {before} on");
}

#[tokio::test]
async fn load_is_that_of_the_kernel_and_divided_by_the_processors() {
    let averages = || -> Vec<f64> {
        proc("loadavg").split(' ').take(3).map(|average| average.parse().unwrap()).collect()
    };
    let before = averages();
    let run = run::<load>("{}").await;
    run.assert_ok().assert_all_covered();
    let found: Vec<f64> = ["1", "5", "15"].map(|m| value(&run, &format!("system.load.{m}"))).into();
    // The kernel computes them anew every five seconds.
    assert!(found == before || found == averages(), "{found:?} is not {before:?}");
    for (minutes, average) in ["1", "5", "15"].into_iter().zip(found) {
        let each = average / kernel::processors() as f64;
        run.assert_metric::<&str>(&format!("system.load.norm.{minutes}"), each, []);
    }
}

#[tokio::test]
async fn memory_adds_up_to_what_the_kernel_has() {
    let mebibytes = |name: &str| {
        let info = proc("meminfo");
        let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kibibytes: f64 = line.unwrap().trim().strip_suffix(" kB").unwrap().parse().unwrap();
        kibibytes / 1024.0
    };
    let run = run::<memory>("{}").await;
    run.assert_ok()
        .assert_metric::<&str>("system.mem.total", mebibytes("MemTotal"), [])
        .assert_metric::<&str>("system.swap.total", mebibytes("SwapTotal"), [])
        .assert_all_covered();
    let total = value(&run, "system.mem.total");
    assert_eq!(sum(&run, &["system.mem.used", "system.mem.free"]), total);
    assert_eq!(
        sum(&run, &["system.swap.used", "system.swap.free"]),
        value(&run, "system.swap.total")
    );
    let usable = value(&run, "system.mem.usable");
    assert!(0.0 < usable && usable < total, "{usable} of {total} MiB");
    assert_eq!(value(&run, "system.mem.pct_usable"), usable / total);
    // What programs take and give back between the two looks is far less than half of the memory.
    assert!((usable - mebibytes("MemAvailable")).abs() < total / 2.0);
    let slab = value(&run, "system.mem.slab");
    assert!(value(&run, "system.mem.slab_reclaimable") <= slab && slab < total);
}

#[tokio::test]
async fn shares_of_the_processors_are_the_whole_of_their_time() {
    let mut instance = instance::<Cpu>("{}");
    let first = instance.run().await;
    first.assert_ok().assert_not_submitted("system.cpu.user");
    kernel::keep_a_processor_busy(Duration::from_millis(500));
    let second = instance.run().await;
    second.assert_ok().assert_all_covered();
    let shares = ["user", "system", "iowait", "idle", "stolen"];
    let whole = sum(
        &second,
        &shares.map(|share| format!("system.cpu.{share}")).each_ref().map(String::as_str),
    );
    assert!((whole - 100.0).abs() < 1e-6, "{whole} %");
    let busy = 100.0 - sum(&second, &["system.cpu.idle", "system.cpu.iowait"]);
    let at_least = 50.0 / kernel::processors() as f64;
    assert!(busy > at_least, "one processor was kept busy, but only {busy} % of the time was used");
    assert!(value(&second, "system.cpu.interrupt") <= value(&second, "system.cpu.system"));
}

#[tokio::test]
async fn processors_are_those_of_the_kernel() {
    let switches = || {
        let stat = proc("stat");
        stat.lines().find_map(|l| l.strip_prefix("ctxt ")?.parse::<f64>().ok()).unwrap()
    };
    let before = switches();
    let run = run::<Cpu>("{}").await;
    let count = value(&run, "system.cpu.context_switches");
    assert!((before..=switches()).contains(&count), "{count} is not from {before} on");
    let processors = kernel::processors();
    run.assert_metric::<&str>("system.cpu.num_cores", processors as f64, []);
    assert_eq!(run.values("system.cpu.idle.total").len(), processors);
    let idle = tagged(&run, "system.cpu.idle.total", "core:cpu0");
    let uptime: f64 = proc("uptime").split(' ').next().unwrap().parse().unwrap();
    assert!(0.0 < idle && idle <= uptime, "{idle} s of {uptime} s");
}

#[tokio::test]
async fn interfaces_are_those_with_traffic() {
    kernel::talk_to_oneself();
    let before = kernel::received();
    let run = run::<network>("collect_connection_state: true").await;
    let after = kernel::received();
    run.assert_ok().assert_all_covered();
    for (interface, (before, after)) in kernel::both(&before, &after) {
        let tag = format!("device:{interface}");
        let received = tagged(&run, "system.net.bytes_rcvd", &tag);
        assert!(
            (before..=after).contains(&received),
            "{interface}: {received} is not from {before}"
        );
    }
    assert_eq!(run.values("system.net.bytes_rcvd").len(), after.len());
}

#[tokio::test]
async fn traffic_is_counted_on_its_interface_and_protocol() {
    let mut instance = instance::<network>("{}");
    let first = instance.run().await;
    kernel::talk_to_oneself();
    let second = instance.run().await;
    let grown = |name: &str| tagged(&second, name, "device:lo") - tagged(&first, name, "device:lo");
    assert!(grown("system.net.bytes_sent") >= kernel::TALK as f64);
    assert!(grown("system.net.packets_in.count") >= 1.0);
    for name in ["system.net.tcp.out_segs", "system.net.tcp.passive_opens.count"] {
        assert!(value(&second, name) > value(&first, name), "{name}");
    }
}

#[tokio::test]
async fn an_excluded_interface_is_left_out() {
    kernel::talk_to_oneself();
    let all = run::<network>("{}").await;
    let without = run::<network>("excluded_interfaces: [lo]").await;
    let interfaces = |run: &Run| run.values("system.net.bytes_rcvd").len();
    assert_eq!(interfaces(&all) - interfaces(&without), 1);
    assert!(!without.to_string().contains("device:lo"), "{without}");
}

#[tokio::test]
async fn connections_are_counted_by_their_state_if_asked_for() {
    let look = async || run::<network>("collect_connection_state: true").await;
    let [before, open] = {
        let before = look().await;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let _both_ends: Vec<_> = (0..200)
            .map(|_| (std::net::TcpStream::connect(address).unwrap(), listener.accept().unwrap()))
            .collect();
        [before, look().await]
    };
    // Each connection has two ends on this host; others open and close a few meanwhile.
    let more =
        value(&open, "system.net.tcp4.established") - value(&before, "system.net.tcp4.established");
    assert!((350.0..=500.0).contains(&more), "{more} more connections");
    assert!(value(&open, "system.net.tcp4.listening") >= 1.0);
    let without = run::<network>("{}").await;
    without.assert_ok().assert_not_submitted("system.net.tcp4.established");
}
