package api

// Media types beside JSON.
const (
	MediaRaw     = "application/vnd.ipld.raw"      // the exact block of an entry
	MediaDagJSON = "application/vnd.ipld.dag-json" // an entry in DAG-JSON
	MediaNDJSON  = "application/x-ndjson"          // one JSON object on each line
	MediaCSV     = "text/csv"
	MediaYAML    = "application/yaml"
	MediaJSON    = "application/json"
	MediaJSONLD  = "application/ld+json"
)
