// In package-lock.json writes, where a package asks for "latest", the version that was locked.
const fs = require("node:fs");

const lock = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
for (const entry of Object.values(lock.packages)) {
  for (const [name, wanted] of Object.entries(entry.dependencies ?? {})) {
    if (wanted === "latest") {
      entry.dependencies[name] = lock.packages[`node_modules/${name}`].version;
    }
  }
}
fs.writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
