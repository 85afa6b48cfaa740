use super::*;

#[test]
fn a_car_s_name_is_a_digest_of_account_and_vin() {
    let vin = Vin::new("JTSIM00000PET0001").unwrap();

    let id = CarId::new("a", Some(&vin));

    assert_eq!(id.0.len(), 32);
    assert!(!id.0.contains("JTSIM"));
    assert_eq!(id, CarId::new("a", Some(&vin)));
    assert_ne!(id, CarId::new("b", Some(&vin)));
    assert_ne!(id, CarId::new("a", None));
}

#[tokio::test]
async fn the_car_longest_unheard_of_is_forgotten_for_one_too_many() {
    let memory = Memory::in_process();
    let id = |number: usize| CarId::new(&number.to_string(), None);
    for number in 0..=MOST_CARS {
        let seconds = i64::try_from(number).unwrap();
        let now = Timestamp::from_second(seconds).unwrap();
        memory
            .update(move |it| {
                it.car(&id(number), now);
            })
            .await;
    }

    let (cars, oldest) = memory
        .read(|it| (it.cars.len(), it.cars.contains_key(&id(0))))
        .await;

    assert_eq!((cars, oldest), (MOST_CARS, false));
}

mod in_file {
    use std::fs;
    use std::path::Path;

    use tempfile::TempDir;

    use super::*;

    #[tokio::test]
    async fn what_was_learnt_is_known_to_the_next_process() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("new").join("memory.json");

        learn(&Memory::in_file(&path), 1).await;
        learn(&Memory::in_file(&path), 2).await;

        assert_eq!(cars(&Memory::in_file(&path)).await, 2);
    }

    #[tokio::test]
    async fn what_others_learn_is_not_undone() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("memory.json");
        let (one, other) = (Memory::in_file(&path), Memory::in_file(&path));
        assert_eq!((cars(&one).await, cars(&other).await), (0, 0));

        learn(&one, 1).await;
        learn(&other, 2).await;
        learn(&one, 3).await;

        assert_eq!(cars(&one).await, 3);
    }

    #[tokio::test]
    async fn to_look_creates_nothing_but_the_lock() {
        let folder = TempDir::new().unwrap();
        let memory = Memory::in_file(folder.path().join("memory.json"));

        cars(&memory).await;

        let names = fs::read_dir(folder.path()).unwrap();
        let names: Vec<_> = names.map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, ["memory.json.lock"]);
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_known_to_this_process() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("memory.json");
        fs::create_dir(&path).unwrap();
        let memory = Memory::in_file(&path);

        let (_, kept) = memory.try_update(|it| it.lost = None).await;
        learn(&memory, 1).await;
        learn(&memory, 2).await;

        assert_eq!(kept, Err(NotKept));
        assert_eq!(cars(&memory).await, 2);
        fs::remove_dir(&path).unwrap();
        let (_, kept) = memory.try_update(|_| ()).await;
        assert_eq!(kept, Ok(()));
    }

    #[tokio::test]
    async fn a_file_that_is_removed_does_not_wipe_out_what_a_process_knows() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("memory.json");
        let memory = Memory::in_file(&path);
        learn(&memory, 1).await;

        fs::remove_file(&path).unwrap();
        learn(&memory, 2).await;

        assert_eq!(cars(&Memory::in_file(&path)).await, 2);
    }

    #[tokio::test]
    async fn a_change_goes_on_when_nobody_waits_for_it() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("memory.json");
        let memory = Memory::in_file(&path);

        {
            let mut left = Box::pin(learn(&memory, 1));
            let polled = std::future::poll_fn(|cx| {
                std::task::Poll::Ready(left.as_mut().poll(cx).is_pending())
            });
            assert!(polled.await);
        }

        // Whoever comes next waits for the lock.
        let mut known = 0;
        for _ in 0..1_000 {
            known = cars(&Memory::in_file(&path)).await;
            if known == 1 {
                break;
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(known, 1);
    }

    #[tokio::test]
    async fn any_file_is_a_memory_or_is_moved_aside() {
        for (text, cars_known, aside) in [
            (r#"{"version":1}"#, 0, false),
            (
                r#"{"version":1,"more":{},"cars":{"x":{"more":1}}}"#,
                1,
                false,
            ),
            (
                r#"{"version":1,"cars":{"x":{"wakes":{"status":["soon"]}}}}"#,
                0,
                true,
            ),
            (
                r#"{"version":1,"cars":{"x":{"wakes":{"state":{"follow_ups":-1}}}}}"#,
                0,
                true,
            ),
            (
                r#"{"version":1,"cars":{"x":{"touched":"9999-99-99T00:00:00Z"}}}"#,
                0,
                true,
            ),
            (r#"{"version":1,"cars":[]}"#, 0, true),
            ("not a memory", 0, true),
        ] {
            let folder = TempDir::new().unwrap();
            let path = folder.path().join("memory.json");
            fs::write(&path, text).unwrap();

            let known = cars(&Memory::in_file(&path)).await;

            assert_eq!(known, cars_known, "{text}");
            let moved = Path::new(&folder.path().join("memory.json.damaged")).exists();
            assert_eq!(moved, aside, "{text}");
        }
    }

    async fn learn(memory: &Memory, number: i64) {
        let now = Timestamp::from_second(number).unwrap();
        let learn = move |it: &mut Remembered| {
            it.car(&CarId::new(&number.to_string(), None), now);
        };
        memory.update(learn).await;
    }

    async fn cars(memory: &Memory) -> usize {
        memory.read(|it| it.cars.len()).await
    }
}
