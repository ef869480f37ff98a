// Sends what is filled in to this service and shows what it answers; nothing else is asked.
const SHOWN = 20000;

async function send(details, form) {
  const fields = new FormData(form);
  const query = new URLSearchParams();
  const headers = new Headers();
  let path = details.dataset.path;
  for (const [name, value] of fields) {
    const [place, own] = [name.split(":")[0], name.slice(name.indexOf(":") + 1)];
    if (value === "" && place !== "path") continue;
    if (place === "path") path = path.replace(`{${own}}`, encodeURIComponent(value));
    if (place === "query") query.append(own, value);
    if (place === "header") headers.set(own, value);
  }
  const key = document.getElementById("key").value.trim();
  if (key) headers.set("Authorization", `Bearer ${key}`);
  const body = fields.get("body");
  if (body !== null) headers.set("Content-Type", "application/json");
  const address = query.size ? `${path}?${query}` : path;
  const answer = await fetch(address, { method: details.dataset.method, headers, body: body ?? undefined });
  const text = await answer.text();
  return `${answer.status} ${answer.statusText}\n\n${text.slice(0, SHOWN)}`;
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const shown = form.querySelector("pre");
    shown.hidden = false;
    shown.textContent = "...";
    try {
      shown.textContent = await send(form.closest("details"), form);
    } catch (error) {
      shown.textContent = String(error);
    }
  });
}
