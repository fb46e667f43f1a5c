package main

// The JSON that scripts are promised; a field beyond these fails the test.
type (
	listedOrg struct {
		Alias       string       `json:"alias"`
		OrgID       string       `json:"org_id"`
		UserID      string       `json:"user_id"`
		Username    *string      `json:"username"`
		Type        string       `json:"type"`
		LoginURL    string       `json:"login_url"`
		InstanceURL string       `json:"instance_url"`
		ClientID    string       `json:"client_id"`
		Scopes      []string     `json:"scopes"`
		Tags        []string     `json:"tags"`
		IssuedAt    *string      `json:"issued_at"`
		AgeS        *int64       `json:"age_s"`
		LeftS       *int64       `json:"left_s"`
		LeftSource  string       `json:"left_source"`
		IdleLeftS   *int64       `json:"idle_left_s"`
		Health      string       `json:"health"`
		Rotates     string       `json:"rotates"`
		LastRefresh *lastRefresh `json:"last_refresh"`
		PausedUntil *string      `json:"paused_until"`
	}
	lastRefresh struct {
		At               string  `json:"at"`
		Outcome          string  `json:"outcome"`
		DurationMS       int64   `json:"duration_ms"`
		Attempts         int     `json:"attempts"`
		Date             *string `json:"date"`
		ClockSkewS       *int64  `json:"clock_skew_s"`
		HTTPStatus       *int    `json:"http_status"`
		Error            *string `json:"error"`
		ErrorDescription *string `json:"error_description"`
		Problem          string  `json:"problem"`
	}
	refreshed struct {
		Alias            string   `json:"alias"`
		Outcome          string   `json:"outcome"`
		HTTPStatus       *int     `json:"http_status"`
		Error            *string  `json:"error"`
		ErrorDescription *string  `json:"error_description"`
		Problem          string   `json:"problem"`
		RequestID        *string  `json:"request_id"`
		Known            *bool    `json:"known"`
		Meaning          *string  `json:"meaning"`
		Causes           []string `json:"causes"`
		Remedy           *string  `json:"remedy"`
		Who              *string  `json:"who"`
		Retry            *bool    `json:"retry"`
		Attempts         int      `json:"attempts"`
		DurationMS       int64    `json:"duration_ms"`
		Rotated          bool     `json:"rotated"`
		Date             *string  `json:"date"`
		ClockSkewS       *int64   `json:"clock_skew_s"`
	}
	imported struct {
		File        string  `json:"file"`
		Result      string  `json:"result"`
		Alias       *string `json:"alias"`
		Error       *string `json:"error"`
		RenamedFrom *string `json:"renamed_from"`
		Username    *string `json:"username"`
		Shared      *string `json:"shared"`
		Note        *string `json:"note"`
	}
)
