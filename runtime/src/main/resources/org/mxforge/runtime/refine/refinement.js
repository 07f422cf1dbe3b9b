"use strict";
for (const place of document.querySelectorAll(".chart")) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const chart = echarts.init(place, dark ? "dark" : null);
  chart.setOption(JSON.parse(place.nextElementSibling.textContent));
  new ResizeObserver(() => chart.resize()).observe(place);
}
