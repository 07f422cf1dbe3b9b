"use strict";
for (const place of document.querySelectorAll(".chart")) {
  const option = JSON.parse(place.nextElementSibling.textContent);
  option.yAxis[1].axisLabel = { formatter: (millis) => String(Number(millis.toPrecision(2))) };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const chart = echarts.init(place, dark ? "dark" : null);
  chart.setOption(option);
  new ResizeObserver(() => chart.resize()).observe(place);
}
