const t=process.cpuUsage(); const w=performance.now();
await import(process.argv[2]);
const u=process.cpuUsage(t); console.log(process.argv[2], 'cpu', Math.round((u.user+u.system)/1000),'ms wall',Math.round(performance.now()-w));
