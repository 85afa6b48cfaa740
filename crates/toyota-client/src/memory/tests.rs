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
