// Computes the hash of a chosen PDF in the browser and compares it with the one
// that was issued. Nothing is sent.
const wanted = document.getElementById("sha256").textContent.trim();
const result = document.getElementById("result");

document.getElementById("copy").addEventListener("change", async (event) => {
  const file = event.target.files[0];
  if (!file) return;
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
    const verdict = hex === wanted ? "same" : "other";
    result.className = verdict;
    result.textContent = result.dataset[verdict];
  } catch {
    result.className = "other";
    result.textContent = result.dataset.failed;
  }
});
