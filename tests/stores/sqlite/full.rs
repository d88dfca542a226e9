//! A disk that is full.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use futures_util::future::join_all;
use snap_port::testing::conformance::block_on;
use snap_port::{PortStore, SqliteStore, StoreError, Write};

use super::super::folder::Folder;
use super::{draft, has};

const DISK: &str = "SNAP_PORT_TEST_SMALL_DISK";

fn large(name: &str, kilobytes: usize) -> Write {
    Write {
        events: vec![vec![7; kilobytes * 1_024]],
        ..draft(name)
    }
}

/// Runs the test below where a disk of 2 MB is mounted, which takes a name space of its own.
#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let folder = Folder::new();
    let apart = |script: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
        ]);
        unshare
            .arg(folder.file("disk"))
            .arg(env::current_exe().unwrap());
        unshare.env(DISK, folder.file("disk"));
        unshare.output()
    };
    fs::create_dir(folder.file("disk")).unwrap();
    let mount = "mount -t tmpfs -o size=2m none \"$1\"";
    if !apart(mount).is_ok_and(|tried| tried.status.success()) {
        eprintln!("SKIPPED: no disk can be mounted here (unshare, mount)");
        return;
    }
    let test = "sqlite::full::on_a_disk_of_two_megabytes --exact --ignored --nocapture";
    let ran = apart(&format!("{mount} && exec \"$2\" {test}")).unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let failed = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success() && said.contains("1 passed"),
        "{said}\n{failed}"
    );
}

#[test]
#[ignore = "run by the test above, on a small disk"]
fn on_a_disk_of_two_megabytes() {
    let disk = env::var(DISK).expect("the test above names the disk");
    let path = Path::new(&disk).join("ports.db");
    let ballast = Path::new(&disk).join("ballast");
    fs::write(&ballast, vec![0; 800 * 1_024]).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    block_on(async {
        let mut written = Vec::new();
        let refused = loop {
            let name = format!("r{}", written.len());
            match store.commit(&[large(&name, 64)]).await {
                Ok(_) => written.push(name),
                Err(refused) => break refused,
            }
            assert!(written.len() < 32, "the disk is small");
        };
        assert!(matches!(refused, StoreError::Full(_)), "{refused}");
        assert!(refused.is_retryable() && !refused.outcome_unknown());
        assert!(!written.is_empty());
        let left_out = format!("r{}", written.len());
        assert!(!has(&store, &left_out).await, "nothing was written");

        // With some room again, those that fit are written beside one that does not.
        fs::remove_file(&ballast).unwrap();
        let writes: Vec<_> = (0..6)
            .map(|index| match index {
                3 => large("too-large", 3_000),
                _ => draft(&format!("small-{index}")),
            })
            .collect();
        let commits = writes
            .iter()
            .map(|write| store.commit(std::slice::from_ref(write)));
        for (index, result) in join_all(commits).await.into_iter().enumerate() {
            match index {
                3 => assert!(matches!(result, Err(StoreError::Full(_))), "{result:?}"),
                _ => assert!(result.is_ok(), "{index}: {result:?}"),
            }
        }
        store.commit(&[large(&left_out, 64)]).await.unwrap();
        written.push(left_out);
        for name in &written {
            let stored = store.get(&super::id(name)).await.unwrap().unwrap();
            assert_eq!(stored.events[0].len(), 64 * 1_024);
        }

        drop(store);
        let store = SqliteStore::open(&path).unwrap();
        for name in &written {
            assert!(has(&store, name).await, "{name}");
        }
        assert!(!has(&store, "too-large").await);
    });
}
