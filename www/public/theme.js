// Runs before the first paint, so that a chosen theme does not flash. What else
// there is to themes is in src/theme.ts.
try {
	const theme = localStorage.getItem("theme");
	if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
	// Storage may be forbidden: the system's theme is used.
}
