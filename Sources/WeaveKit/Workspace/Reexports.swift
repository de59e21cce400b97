import GitProcess
import WeaveStore

// What the operations return, under the library's own name: whoever calls it need not import the store.
public typealias Lock = WeaveStore.Lock
public typealias ProjectRecord = WeaveStore.ProjectRecord
public typealias Observation = WeaveStore.Observation
public typealias Remote = WeaveStore.Remote
public typealias ManifestSide = WeaveStore.ManifestSide
public typealias NamedSet = WeaveStore.NamedSet
public typealias CommandNotFound = CommandProcess.NotFound
public typealias OutputStream = CommandProcess.Stream
public typealias RecordRef = WeaveStore.RecordRef
public typealias HubRules = WeaveStore.HubRules
