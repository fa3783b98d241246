//! The objects of `org.bluez`: their paths, properties and children, and the signals of their changes.

use std::collections::HashMap;
use std::fmt::Write as _;

use uuid::Uuid;
use zbus::{Message, ObjectPath, Variant};

use crate::air::{Air, Power};
use crate::band::Band;

pub(super) const ADAPTER: &str = "/org/bluez/hci0";
pub(super) const ADAPTER_FACE: &str = "org.bluez.Adapter1";
pub(super) const DEVICE_FACE: &str = "org.bluez.Device1";
pub(super) const SERVICE_FACE: &str = "org.bluez.GattService1";
pub(super) const CHARACTERISTIC_FACE: &str = "org.bluez.GattCharacteristic1";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const MANAGER: &str = "org.freedesktop.DBus.ObjectManager";

pub(super) type Properties = HashMap<&'static str, Variant<'static>>;

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    Root,
    Adapter,
    /// A band, by its index.
    Device(usize),
    /// A service of a band's, by its index there.
    Service(usize, usize),
    /// A characteristic in a service.
    Characteristic(usize, usize, usize),
}

impl Air {
    pub(super) fn device_path(&self, band: usize) -> String {
        format!("{ADAPTER}/dev_{}", self.bands[band].address.replace(':', "_"))
    }

    fn service_path(&self, band: usize, service: usize) -> String {
        format!("{}/service{:04x}", self.device_path(band), service * 0x10 + 1)
    }

    fn characteristic_path(&self, band: usize, service: usize, characteristic: usize) -> String {
        let handle = service * 0x10 + 2 + characteristic;
        format!("{}/char{handle:04x}", self.service_path(band, service))
    }

    /// All objects that are there.
    pub(super) fn objects(&self) -> Vec<(String, Object)> {
        let mut objects = vec![("/".to_owned(), Object::Root)];
        if !self.plugged {
            return objects;
        }
        objects.push((ADAPTER.to_owned(), Object::Adapter));
        for (band, _) in self.bands.iter().enumerate().filter(|(_, band)| band.known) {
            objects.push((self.device_path(band), Object::Device(band)));
            objects.extend(self.offered(band));
        }
        objects
    }

    /// The services and characteristics of a band.
    pub(super) fn offered(&self, band: usize) -> Vec<(String, Object)> {
        let mut objects = Vec::new();
        for (service, offers) in self.bands[band].services().iter().enumerate() {
            objects.push((self.service_path(band, service), Object::Service(band, service)));
            for characteristic in 0..offers.characteristics.len() {
                let path = self.characteristic_path(band, service, characteristic);
                objects.push((path, Object::Characteristic(band, service, characteristic)));
            }
        }
        objects
    }

    /// The interface of an object, and its properties.
    pub(super) fn properties(&self, object: Object) -> Option<(&'static str, Properties)> {
        Some(match object {
            Object::Root => return None,
            Object::Adapter => (ADAPTER_FACE, self.adapter_properties()),
            Object::Device(band) => (DEVICE_FACE, device_properties(&self.bands[band])),
            Object::Service(band, service) => {
                let uuid = self.bands[band].services()[service].uuid;
                let device = path(self.device_path(band));
                (
                    SERVICE_FACE,
                    Properties::from([("UUID", text(uuid)), ("Primary", true.into()), ("Device", device)]),
                )
            }
            Object::Characteristic(band, service, characteristic) => {
                let of = &self.bands[band].services()[service].characteristics[characteristic];
                let properties = Properties::from([
                    ("UUID", text(of.uuid)),
                    ("Service", path(self.service_path(band, service))),
                    ("Flags", of.flags.to_vec().into()),
                    ("Notifying", self.bands[band].notifies(of.uuid).into()),
                    ("MTU", 247_u16.into()),
                ]);
                (CHARACTERISTIC_FACE, properties)
            }
        })
    }

    fn adapter_properties(&self) -> Properties {
        Properties::from([
            ("Address", "00:1A:7D:DA:71:13".into()),
            ("AddressType", "public".into()),
            ("Name", "haigou".into()),
            ("Alias", "haigou".into()),
            ("Modalias", "usb:v1D6Bp0246d0537".into()),
            ("Powered", (self.power == Power::On).into()),
            ("Discovering", (!self.seekers.is_empty()).into()),
        ])
    }

    /// An object's interface and children, each kind of tag together, as bluez-async wants them.
    pub(super) fn introspect(&self, at: &str, object: Object) -> String {
        let mut xml = String::from("<node>");
        for face in self
            .properties(object)
            .iter()
            .map(|(face, _)| *face)
            .chain([PROPERTIES])
        {
            let _written = write!(xml, "<interface name=\"{face}\"></interface>");
        }
        let within = if at == "/" {
            at.to_owned()
        } else {
            format!("{at}/")
        };
        for (path, _) in self.objects() {
            let child = path
                .strip_prefix(&within)
                .filter(|rest| !rest.is_empty() && !rest.contains('/'));
            if let Some(child) = child {
                let _written = write!(xml, "<node name=\"{child}\"></node>");
            }
        }
        xml.push_str("</node>");
        xml
    }

    pub(crate) fn tell_found(&self, band: usize) {
        self.tell_added(&self.device_path(band), Object::Device(band));
    }

    fn tell_added(&self, at: &str, object: Object) {
        let faces: HashMap<_, _> = self.properties(object).into_iter().collect();
        let signal = Message::signal("/", MANAGER, "InterfacesAdded");
        self.send(signal.build(&(path_of(at), faces)));
    }

    /// A band is connected: its link, then its services, then that they are all there.
    pub(super) fn tell_connected(&self, band: usize) {
        let at = self.device_path(band);
        self.tell_changed(&at, DEVICE_FACE, &Properties::from([("Connected", true.into())]));
        if self.bands[band].withholds {
            return;
        }
        for (path, object) in self.offered(band) {
            self.tell_added(&path, object);
        }
        let services: Vec<_> = self.bands[band]
            .services()
            .iter()
            .map(|service| service.uuid.to_string())
            .collect();
        let resolved = [("UUIDs", services.into()), ("ServicesResolved", true.into())];
        self.tell_changed(&at, DEVICE_FACE, &Properties::from(resolved));
    }

    pub(crate) fn tell_gone(&self, band: usize) {
        let gone = [("ServicesResolved", false.into()), ("Connected", false.into())];
        self.tell_changed(&self.device_path(band), DEVICE_FACE, &Properties::from(gone));
    }

    pub(crate) fn tell_strength(&self, band: usize) {
        self.tell_changed(
            &self.device_path(band),
            DEVICE_FACE,
            &Properties::from([("RSSI", (-58_i16).into())]),
        );
    }

    pub(crate) fn tell_power(&self) {
        let on = self.power == Power::On;
        self.tell_changed(ADAPTER, ADAPTER_FACE, &Properties::from([("Powered", on.into())]));
    }

    /// A characteristic's value, equal ones too.
    pub(crate) fn tell_value(&self, band: usize, of: Uuid, bytes: Vec<u8>) {
        let services = self.bands[band].services().iter().enumerate();
        let found = services.flat_map(|(service, offers)| {
            let all = offers.characteristics.iter().enumerate();
            all.map(move |(index, characteristic)| (service, index, characteristic.uuid))
        });
        if let Some((service, index, _)) = found.into_iter().find(|(_, _, uuid)| *uuid == of) {
            let at = self.characteristic_path(band, service, index);
            self.tell_changed(
                &at,
                CHARACTERISTIC_FACE,
                &Properties::from([("Value", bytes.into())]),
            );
        }
    }

    pub(super) fn tell_changed(&self, at: &str, face: &str, changed: &Properties) {
        let signal = Message::signal(at, PROPERTIES, "PropertiesChanged");
        self.send(signal.build(&(face, changed, Vec::<&str>::new())));
    }
}

fn device_properties(band: &Band) -> Properties {
    let announced: Vec<_> = if band.connected {
        band.services()
            .iter()
            .map(|service| service.uuid.to_string())
            .collect()
    } else {
        band.announced().iter().map(Uuid::to_string).collect()
    };
    let mut properties = Properties::from([
        ("Address", band.address.clone().into()),
        ("AddressType", "random".into()),
        ("Name", band.name.clone().into()),
        ("Alias", band.name.clone().into()),
        ("Adapter", path(ADAPTER.to_owned())),
        ("Paired", false.into()),
        ("Connected", band.connected.into()),
        ("Trusted", false.into()),
        ("Blocked", false.into()),
        ("LegacyPairing", false.into()),
        ("ServicesResolved", (band.connected && !band.withholds).into()),
        ("RSSI", (-60_i16).into()),
        ("UUIDs", announced.into()),
    ]);
    if let Some(maker) = band.maker {
        let data = HashMap::from([(maker, Variant::from(vec![1_u8, 2, 3]))]);
        properties.insert("ManufacturerData", data.into());
    }
    properties
}

fn text(uuid: Uuid) -> Variant<'static> {
    uuid.to_string().into()
}

fn path(of: String) -> Variant<'static> {
    ObjectPath::try_from(of).expect("a path of ours").into()
}

fn path_of(of: &str) -> ObjectPath<'_> {
    ObjectPath::try_from(of).expect("a path of ours")
}
